using PandaProbe.Export.Scores;

namespace PandaProbe;

public static partial class Probe
{
    /// <summary>
    /// Scores a trace with a number from 0 to 1. Sends the score to PandaProbe after the trace, and to OpenTelemetry as a
    /// <c>gen_ai.evaluation.result</c> event.
    /// </summary>
    /// <remarks>
    /// PandaProbe does not receive scores of traces that a sampler or a processor dropped. The exporter's health counts them as
    /// <c>not_recorded</c>. At most 1,000 scores of one trace, and 10,000 in all, wait for the export. Further scores are dropped and
    /// counted.
    /// </remarks>
    /// <param name="traceId">The trace, by the value of its <see cref="TraceScope.TraceId"/>.</param>
    /// <param name="name">The name of the score, for example <c>helpfulness</c>. Cut to 255 characters.</param>
    /// <param name="value">A number from 0 to 1, <c>true</c> or <c>false</c>, or a name, which is cut to 255 characters. A score with any
    /// other value is not recorded, and a warning is logged.</param>
    /// <param name="reason">An explanation for people; <see langword="null"/>, the default, for none.</param>
    /// <param name="metadata">Metadata of the score.</param>
    /// <example><code>Probe.Score(traceId, "helpfulness", 0.92, reason: "Answered the question with its source.");</code></example>
    public static void Score(Guid traceId, string name, double value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, reason, metadata);

    /// <summary>Scores a trace with <see langword="true"/> or <see langword="false"/>.</summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(Guid traceId, string name, bool value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, reason, metadata);

    /// <summary>Scores a trace with one of several names, for example <c>PASS</c>.</summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(Guid traceId, string name, string value, string? reason = null, in ProbeFields metadata = default) =>
        ScoreRecorder.Record(traceId, null, name, value, ProbeScoreType.Categorical, reason, metadata);

    /// <summary>
    /// Scores a trace with a value in the form of text, for example from an evaluator. A value that does not fit <paramref name="type"/> is
    /// not recorded.
    /// </summary>
    /// <inheritdoc cref="Score(Guid, string, double, string?, in ProbeFields)"/>
    public static void Score(
        Guid traceId, string name, string value, ProbeScoreType type, string? reason = null, in ProbeFields metadata = default) =>
            ScoreRecorder.Record(traceId, null, name, value, type, reason, metadata);
}
