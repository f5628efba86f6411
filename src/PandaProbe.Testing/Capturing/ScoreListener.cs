using System.Diagnostics;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Export.Scores;
using PandaProbe.Runtime;

namespace PandaProbe.Testing;

/// <summary>Takes scores as an exporter does.</summary>
internal sealed class ScoreListener(Func<ScoreItem, IReadOnlyList<ProbeCapture>> route) : ILiveExporter, IScoreSink
{
    public PandaProbeExporterHealth Health { get; } = new();

    public TracerProvider? Provider => null;

    public static ActivityTraceId TraceOf(ScoreItem score) =>
        score.Trace?.TraceId ?? (score.TraceId == Guid.Empty ? default : RecentTraces.ContextOf(score.TraceId).TraceId);

    /// <summary>Whether the span exists only to carry a score to other backends.</summary>
    public static bool IsScore(Activity activity) => activity.GetTagItem(ScoreEvent.TraceId) is not null;

    public void Add(ScoreItem score)
    {
        CapturedScore captured = new(
            score.TraceId, score.Name, score.Value, score.Type,
            score.Reason is { } reason ? score.Policy.Redact(reason, "score reason") : null,
            score.Metadata.ToDictionary(field => field.Key, field => field.Value));
        foreach (ProbeCapture capture in route(score))
            capture.Add(captured);
    }
}
