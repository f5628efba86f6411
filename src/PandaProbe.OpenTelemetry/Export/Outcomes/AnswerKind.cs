namespace PandaProbe.Export.Outcomes;

/// <summary>What an attempt came to.</summary>
internal enum AnswerKind
{
    /// <summary>The backend has it.</summary>
    Accepted,

    /// <summary>The backend cannot be reached or has trouble: every request waits.</summary>
    Unavailable,

    /// <summary>The backend failed on this request; others may get through.</summary>
    Failed,

    /// <summary>Too many requests.</summary>
    Limited,

    /// <summary>The plan is used up: the backend accepts nothing for days.</summary>
    UsedUp,

    /// <summary>The backend does not have the trace, or not yet.</summary>
    Missing,

    /// <summary>The body is too large.</summary>
    TooLarge,

    /// <summary>The backend refuses this request for ever.</summary>
    Rejected,

    /// <summary>The backend refuses every request until the key, the project or the address is corrected.</summary>
    Misconfigured,
}
