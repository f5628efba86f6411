namespace PandaProbe.Conventions;

/// <summary>Maps a <see cref="ProbeTraceStatus"/> to its name in PandaProbe's API.</summary>
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
