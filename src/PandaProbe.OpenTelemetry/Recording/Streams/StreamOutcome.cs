namespace PandaProbe.Recording;

/// <summary>How a stream came to its end.</summary>
internal enum StreamOutcome
{
    /// <summary>Nobody has enumerated it.</summary>
    NotEnumerated,

    /// <summary>It said that there is no more.</summary>
    Completed,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It threw because it was cancelled.</summary>
    Cancelled,

    /// <summary>Its consumer left before the end.</summary>
    Abandoned,
}
