using System.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Remembers the OpenTelemetry context of the newest traces by their PandaProbe id, so that a score that comes later starts below its
/// trace. An id alone has no span id.
/// </summary>
internal static class RecentTraces
{
    private const int Most = 4096;

    private static readonly Newest<Guid, ActivityContext> Contexts = new(Most);

    public static void Remember(Activity trace) => Contexts.Remember(ProbeIds.TraceId(trace), trace.Context);

    /// <summary>
    /// Returns the context of a trace. A trace that is not remembered is taken for the root of its OpenTelemetry trace; its context has a
    /// trace id and no span id.
    /// </summary>
    public static ActivityContext ContextOf(Guid trace) => Contexts.TryGet(trace, out ActivityContext context)
        ? context
        : new(ActivityTraceId.CreateFromString(trace.ToString("N")), default, ActivityTraceFlags.Recorded);
}
