namespace PandaProbe;

/// <summary>How far a trace has come.</summary>
public enum ProbeTraceStatus
{
    /// <summary>Not started yet.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Ended well. What a trace gets by itself when nothing went wrong.</summary>
    Completed,

    /// <summary>Failed. What a trace gets by itself when an exception leaves its block.</summary>
    Error,
}
