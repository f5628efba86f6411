namespace PandaProbe.Recording;

/// <summary>Specifies how a stream ended.</summary>
internal enum StreamOutcome
{
    /// <summary>It was not enumerated.</summary>
    NotEnumerated,

    /// <summary>It was enumerated to its end.</summary>
    Completed,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It threw because it was cancelled.</summary>
    Cancelled,

    /// <summary>Its consumer left before the end.</summary>
    Abandoned,
}
