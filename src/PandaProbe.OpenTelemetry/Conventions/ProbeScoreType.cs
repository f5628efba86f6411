namespace PandaProbe;

/// <summary>Specifies the type of a score's value.</summary>
public enum ProbeScoreType
{
    /// <summary>A number from 0 to 1.</summary>
    Numeric,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>One of several names, for example <c>PASS</c> and <c>FAIL</c>.</summary>
    Categorical,
}
