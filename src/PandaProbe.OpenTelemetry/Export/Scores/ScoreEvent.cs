using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Scores;

/// <summary>
/// A score as OpenTelemetry has it: the conventions' event <c>gen_ai.evaluation.result</c>, whose parent is the trace that was judged. It
/// goes to the application's log pipeline. Without one it stands on the trace while that is open, and later on a short span below the
/// trace, which PandaProbe's exporter leaves out because the score goes to PandaProbe by itself.
/// </summary>
internal static class ScoreEvent
{
    public const string TraceId = "pandaprobe.trace_id";

    private const string EventName = "gen_ai.evaluation.result";
    private const string Name = "gen_ai.evaluation.name";
    private const string Value = "gen_ai.evaluation.score.value";
    private const string Label = "gen_ai.evaluation.score.label";

    public static void Record(ScoreItem score, Activity? trace)
    {
        // Whoever left the trace out wants no event and no span about it.
        bool isWanted = score.TraceId != Guid.Empty && trace is not { Recorded: false };
        ActivityContext judged = trace?.Context ?? (isWanted ? RecentTraces.ContextOf(score.TraceId) : default);
        isWanted &= judged.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        if (isWanted && TryLog(score, judged))
            return;

        if (trace is { IsStopped: false, IsAllDataRequested: true })
        {
            trace.AddEvent(new ActivityEvent(EventName, tags: Tags(score)));
            return;
        }

        if (!isWanted || !ProbeSource.Instance.HasListeners())
            return;

        using Activity? activity = ProbeSource.Instance.StartActivity(
            "evaluate " + score.Name, ActivityKind.Internal, judged, [new(TraceId, score.TraceId.ToString())]);
        activity?.AddEvent(new ActivityEvent(EventName, tags: Tags(score)));
    }

    private static bool TryLog(ScoreItem score, ActivityContext judged)
    {
        foreach (ProviderSettings provider in ProcessSettings.Current.Providers)
        {
            if (provider.Events?.TryWrite(EventName, LogLevel.Information, judged, () => [.. Safe(Tags(score), score.Policy)]) == true)
                return true;
        }

        return false;
    }

    // Spans are masked when they end. A log pipeline of the application exports at once.
    private static ActivityTagsCollection Safe(ActivityTagsCollection tags, ContentPolicy policy)
    {
        foreach (FieldScanners scanner in policy.Scanners)
            tags = new TextMasking(scanner, kind: null).Of(tags) ?? tags;
        return new TextMasking(scanners: null, kind: null, redaction: policy, isAI: false).Of(tags) ?? tags;
    }

    private static ActivityTagsCollection Tags(ScoreItem score)
    {
        ActivityTagsCollection tags = new() { { Name, score.Name } };
        if (score.Type == ProbeScoreType.Numeric && double.TryParse(score.Value, CultureInfo.InvariantCulture, out double number))
            tags.Add(Value, number);
        else if (score.Type == ProbeScoreType.Boolean)
            tags.Add(Value, score.Value == "true" ? 1.0 : 0.0);
        if (score.Type != ProbeScoreType.Numeric)
            tags.Add(Label, score.Value);
        if (score.Reason is not null)
            tags.Add(GenAI.Evaluation.Explanation, score.Reason);
        return tags;
    }
}
