using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Values;

namespace PandaProbe.Recording;

/// <summary>
/// Measures one streamed answer for the span of its call and for metrics, and records how the stream ended. Does not record content. Not
/// thread-safe: a stream is read by one thread at a time.
/// </summary>
internal sealed class StreamMeasurement
{
    private const string OutcomeKey = Pandaprobe.Metadata.Prefix + "stream.outcome";

    private static readonly string[] Names = ["not_enumerated", "completed", "failed", "cancelled", "abandoned"];

    private readonly OpenSpan _span;
    private readonly Enrichment? _enrichment;
    private readonly bool _measuresChunks = ClientMetrics.MeasuresChunks;
    private KeyValuePair<string, object?>[]? _chunkTags;
    private long _last;
    private bool _hasContent;

    private StreamMeasurement(in OpenSpan span, Enrichment? enrichment)
    {
        _span = span;
        _enrichment = enrichment;
    }

    /// <summary>Starts measuring a stream; <see langword="null"/> when neither a trace nor metrics record the call.</summary>
    /// <param name="span">The span of the call.</param>
    /// <param name="enrichment">Where to write tags when the span is another library's.</param>
    public static StreamMeasurement? Of(in OpenSpan span, Enrichment? enrichment = null)
    {
        if (!span.IsMeasured)
            return null;

        StreamMeasurement measurement = new(span, enrichment);
        measurement.Set(GenAI.Request.Stream, Boxes.True);
        measurement.SetOutcome(StreamOutcome.NotEnumerated);
        return measurement;
    }

    /// <summary>Records that the enumeration began. Without an end from here on, the stream counts as abandoned.</summary>
    public void OnEnumerate() => SetOutcome(StreamOutcome.Abandoned);

    /// <summary>Records a chunk.</summary>
    public void OnChunk()
    {
        if (_last == 0)
            OnFirstChunk();
        else if (_measuresChunks)
            OnNextChunk();
    }

    /// <summary>Records a chunk with content. The first one sets the start of the answer.</summary>
    public void OnContent()
    {
        if (_hasContent)
            return;

        _hasContent = true;
        if (_span.IsRecording && _span.Activity.GetTagItem(Pandaprobe.CompletionStartTime) is null)
            Set(Pandaprobe.CompletionStartTime, DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Records how the stream ended: the outcome, the error, and a finish reason where the provider gave none. Does not end the span.
    /// </summary>
    public void OnEnd(StreamOutcome outcome, Exception? exception = null)
    {
        if (exception is not null)
            _span.RecordException(exception);
        if (!_span.IsRecording)
            return;

        SetOutcome(outcome);
        if (_enrichment is null && FinishReasonOf(outcome) is { } reason && _span.Activity.GetTagItem(GenAI.Response.FinishReasons) is null)
            _span.SetFinishReason(reason);
    }

    /// <summary>
    /// Maps an exception of the stream to an outcome. A timeout throws <see cref="OperationCanceledException"/>, too, but counts as a
    /// failure.
    /// </summary>
    public static StreamOutcome OutcomeOf(Exception exception) =>
        exception is OperationCanceledException { InnerException: not TimeoutException } ? StreamOutcome.Cancelled : StreamOutcome.Failed;

    /// <summary>
    /// Returns the finish reason for an answer whose provider gave none. The conventions define "error" for a stream that broke. A consumer
    /// that leaves early is no finish reason.
    /// </summary>
    public static string? FinishReasonOf(StreamOutcome outcome) => outcome == StreamOutcome.Failed ? FinishReasons.Error : null;

    /// <summary>
    /// Returns the finish reason of the message. The conventions require one there, and have only "error" for an incomplete answer.
    /// </summary>
    public static string? MessageEndOf(StreamOutcome outcome) => outcome == StreamOutcome.Completed ? null : FinishReasons.Error;

    /// <summary>Sets the outcome of the stream on the span.</summary>
    public static void SetOutcome(Activity activity, StreamOutcome outcome) => activity.SetTag(OutcomeKey, Names[(int)outcome]);

    /// <summary>Returns whether the consumer left the span's stream before its end.</summary>
    public static bool IsAbandoned(Activity activity) => activity.GetTagItem(OutcomeKey) as string == Names[(int)StreamOutcome.Abandoned];

    private void SetOutcome(StreamOutcome outcome) => Set(OutcomeKey, Names[(int)outcome]);

    private void Set(string key, object value)
    {
        if (!_span.IsRecording)
            return;

        if (_enrichment is not null)
            _enrichment.Set(key, value);
        else
            _span.Activity.SetTag(key, value);
    }

    private void OnFirstChunk()
    {
        _last = _measuresChunks ? Stopwatch.GetTimestamp() : 1;
        if (!_span.IsRecording)
        {
            _span.Unrecorded?.SetTimeToFirstChunk();
            return;
        }

        double seconds = (DateTime.UtcNow - _span.Activity.StartTimeUtc).TotalSeconds;
        Set(GenAI.Response.TimeToFirstChunk, Math.Max(0, seconds));
    }

    private void OnNextChunk()
    {
        long now = Stopwatch.GetTimestamp();
        _chunkTags ??= ClientMetrics.ChunkTags(_span.Unrecorded is { } call ? call.Facts : CallFacts.Of(_span.Activity!));
        ClientMetrics.RecordChunk(Stopwatch.GetElapsedTime(_last, now).TotalSeconds, _chunkTags);
        _last = now;
    }
}
