namespace PandaProbe.Export.Sending;

/// <summary>What an attempt came to, as far as what to do next is concerned.</summary>
internal enum AnswerKind
{
    /// <summary>It is there.</summary>
    Accepted,

    /// <summary>The backend cannot be reached or has trouble: everybody waits.</summary>
    Unavailable,

    /// <summary>The backend failed on this request; others may get through.</summary>
    Failed,

    /// <summary>Too many requests.</summary>
    Limited,

    /// <summary>The trace is not there, or not yet.</summary>
    Missing,

    /// <summary>The body is too large.</summary>
    TooLarge,

    /// <summary>Another attempt cannot help.</summary>
    Rejected,
}
