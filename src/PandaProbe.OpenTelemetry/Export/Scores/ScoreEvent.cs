using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;

namespace PandaProbe.Export.Scores;

/// <summary>
/// A score as OpenTelemetry has it: the conventions' event <c>gen_ai.evaluation.result</c>. It stands on the trace while that is open,
/// otherwise on a short span of its own, which PandaProbe's exporter leaves out because the score goes to PandaProbe by itself.
/// </summary>
internal static class ScoreEvent
{
    public const string TraceId = "pandaprobe.trace_id";

    private const string EventName = "gen_ai.evaluation.result";
    private const string Name = "gen_ai.evaluation.name";
    private const string Value = "gen_ai.evaluation.score.value";
    private const string Label = "gen_ai.evaluation.score.label";
    private const string Explanation = "gen_ai.evaluation.explanation";

    public static void Record(ScoreItem score, Activity? trace)
    {
        if (trace is { IsStopped: false, IsAllDataRequested: true })
        {
            trace.AddEvent(new ActivityEvent(EventName, tags: Tags(score)));
            return;
        }

        // Whoever left the trace out wants no span about it.
        if (score.TraceId == Guid.Empty || trace is { Recorded: false } || !ProbeSource.Instance.HasListeners())
            return;

        ActivityContext context = trace?.Context ?? default;
        using Activity? activity = ProbeSource.Instance.StartActivity(
            "evaluate " + score.Name, ActivityKind.Internal, context, [new(TraceId, score.TraceId.ToString())]);
        activity?.AddEvent(new ActivityEvent(EventName, tags: Tags(score)));
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
            tags.Add(Explanation, score.Reason);
        return tags;
    }
}
