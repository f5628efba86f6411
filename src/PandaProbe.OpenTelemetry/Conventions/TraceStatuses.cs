namespace PandaProbe.Conventions;

/// <summary>How a <see cref="ProbeTraceStatus"/> is written.</summary>
internal static class TraceStatuses
{
    public static string Name(ProbeTraceStatus status) => status switch
    {
        ProbeTraceStatus.Pending => "PENDING",
        ProbeTraceStatus.Running => "RUNNING",
        ProbeTraceStatus.Error => "ERROR",
        _ => "COMPLETED",
    };
}
