using PandaProbe.Export.Scores;

namespace PandaProbe;

// Judgements about traces, by people or programs, while they run or long after.
public static partial class Probe
{
    /// <summary>Scores a trace with a number from 0 to 1. The score follows the trace to PandaProbe, and is a <c>gen_ai.evaluation.result</c> event for OpenTelemetry.</summary>
    /// <remarks>
    /// A score of a trace that a sampler or a processor left out is left out too; the exporter's health counts it as <c>not_recorded</c>. At most 1,000 scores of a
    /// trace, and 10,000 in all, wait to be sent; more are dropped and counted.
    /// </remarks>
    /// <param name="traceId">Which trace: <see cref="TraceScope.TraceId"/>, kept since it ran.</param>
    /// <param name="name">What is judged, for example <c>helpfulness</c>. Cut to 255 characters.</param>
    /// <param name="value">The judgement: a number from 0 to 1, <c>true</c> or <c>false</c>, or a name, which is cut to 255 characters. A score with any other value is left out, and a warning says so.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="metadata">Anything else worth knowing about the judgement.</param>
    /// <example><code>Probe.Score(traceId, "helpfulness", 0.92, reason: "Answered the question with its source.");</code></example>
    public static void Score(Guid traceId, string name, double value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, reason, metadata);

    /// <summary>Scores a trace with yes or no.</summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(Guid traceId, string name, bool value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, reason, metadata);

    /// <summary>Scores a trace with one of several names, for example <c>PASS</c>.</summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(Guid traceId, string name, string value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, ProbeScoreType.Categorical, reason, metadata);

    /// <summary>Scores a trace with a value that is text already, for example from an evaluator. A value that does not fit <paramref name="type"/> is left out.</summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(Guid traceId, string name, string value, ProbeScoreType type, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, type, reason, metadata);
}
