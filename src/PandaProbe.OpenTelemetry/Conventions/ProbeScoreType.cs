namespace PandaProbe;

/// <summary>What kind of value a score has.</summary>
public enum ProbeScoreType
{
    /// <summary>A number, for example a rating between 0 and 1.</summary>
    Numeric,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>One of several names, for example <c>PASS</c> and <c>FAIL</c>.</summary>
    Categorical,
}
