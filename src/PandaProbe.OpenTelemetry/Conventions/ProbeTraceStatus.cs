namespace PandaProbe;

/// <summary>Specifies the status of a trace.</summary>
public enum ProbeTraceStatus
{
    /// <summary>Not started yet.</summary>
    Pending,

    /// <summary>In progress.</summary>
    Running,

    /// <summary>Ended without an error. The default when the trace ends.</summary>
    Completed,

    /// <summary>Failed. Set automatically when an exception leaves the trace's block.</summary>
    Error,
}
