using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Export.Scores;

/// <summary>A judgement about a trace, on its way. Immutable.</summary>
internal sealed class ScoreItem(
    Guid traceId, Activity? trace, string name, string value, ProbeScoreType type, string? reason, KeyValuePair<string, object?>[] metadata)
{
    // A score may wait for minutes. It does not keep the content of its trace in memory.
    private readonly WeakReference<Activity>? _trace = trace is null ? null : new(trace);

    public Guid TraceId => traceId;

    /// <summary>The trace's activity, where it is known and somebody else references it.</summary>
    public Activity? Trace => _trace is not null && _trace.TryGetTarget(out Activity? target) ? target : null;

    public string Name => name;

    public string Value => value;

    public ProbeScoreType Type => type;

    public string? Reason => reason;

    public IReadOnlyList<KeyValuePair<string, object?>> Metadata => metadata;

    public override string ToString() => $"{name}={value} ({SpanKinds.Trace} {traceId})";
}
