namespace PandaProbe.Conventions;

/// <summary>What an option does to a text that leaves.</summary>
internal enum TextEffect
{
    /// <summary>The text leaves as it is.</summary>
    Stays,

    /// <summary>Sensitive values within the text become their types.</summary>
    Masked,

    /// <summary>The application's function decides what leaves.</summary>
    Redacted,

    /// <summary>The text does not leave.</summary>
    Removed,
}
