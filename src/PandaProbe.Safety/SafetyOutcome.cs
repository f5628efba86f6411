namespace PandaProbe.Safety;

/// <summary>How the scan of a text ended.</summary>
public enum SafetyOutcome
{
    /// <summary>Nothing was found.</summary>
    Clean,

    /// <summary>Something was found, and was treated as the options say.</summary>
    Found,

    /// <summary>The text was too long, took too long, or a detector threw: it is withheld as a whole.</summary>
    Withheld,
}
