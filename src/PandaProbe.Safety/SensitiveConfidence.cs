namespace PandaProbe.Safety;

/// <summary>How sure a detector is.</summary>
public enum SensitiveConfidence
{
    /// <summary>The form is right, but nothing around it says what it is.</summary>
    Low,

    /// <summary>The form is distinctive, or words around it say what it is.</summary>
    Medium,

    /// <summary>A checksum or a registered prefix proves it.</summary>
    High,
}
