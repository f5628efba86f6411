using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Scores;

/// <summary>A judgement about a trace, on its way. Immutable.</summary>
internal sealed class ScoreItem(
    Guid traceId, Activity? trace, string name, string value, ProbeScoreType type, string? reason, KeyValuePair<string, object?>[] metadata,
    ContentPolicy policy)
{
    // A score may wait for minutes. It does not keep the content of its trace in memory.
    private readonly WeakReference<Activity>? _trace = trace is null ? null : new(trace);

    public Guid TraceId => traceId;

    /// <summary>The trace's activity, where it is known and somebody else references it.</summary>
    public Activity? Trace => _trace is not null && _trace.TryGetTarget(out Activity? target) ? target : null;

    public string Name => name;

    public string Value => value;

    public ProbeScoreType Type => type;

    /// <summary>The reason, which <see cref="Policy"/> has not redacted.</summary>
    public string? Reason => reason;

    /// <summary>The policy that was in force when the score was given.</summary>
    public ContentPolicy Policy => policy;

    public IReadOnlyList<KeyValuePair<string, object?>> Metadata => metadata;

    public override string ToString() => $"{name}={value} ({SpanKinds.Trace} {traceId})";
}
