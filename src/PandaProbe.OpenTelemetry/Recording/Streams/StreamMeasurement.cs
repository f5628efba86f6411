using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Values;

namespace PandaProbe.Recording;

/// <summary>
/// Times one streamed answer for the span of its call and for metrics, and writes how the stream ended. Says nothing about the answer's content.
/// Used by one thread at a time, as a stream is.
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

    /// <summary>Begins when the call's answer is known to be a stream; <see langword="null"/> when nobody wants to know of the call.</summary>
    /// <param name="span">The span of the call.</param>
    /// <param name="enrichment">Where to write when the span is another library's.</param>
    public static StreamMeasurement? Of(in OpenSpan span, Enrichment? enrichment = null)
    {
        if (!span.IsMeasured)
            return null;

        StreamMeasurement measurement = new(span, enrichment);
        measurement.Set(GenAI.Request.Stream, Boxes.True);
        measurement.SetOutcome(StreamOutcome.NotEnumerated);
        return measurement;
    }

    /// <summary>Somebody began to read. Whoever stops from here on without an end has abandoned the stream.</summary>
    public void OnEnumerate() => SetOutcome(StreamOutcome.Abandoned);

    /// <summary>A chunk came.</summary>
    public void OnChunk()
    {
        if (_last == 0)
            OnFirstChunk();
        else if (_measuresChunks)
            OnNextChunk();
    }

    /// <summary>A chunk with content came: the answer begins.</summary>
    public void OnContent()
    {
        if (_hasContent)
            return;

        _hasContent = true;
        if (_span.IsRecording && _span.Activity.GetTagItem(Pandaprobe.CompletionStartTime) is null)
            Set(Pandaprobe.CompletionStartTime, DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>Writes how the stream ended: outcome, a finish reason where the provider gave none, the error. Does not end the span.</summary>
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

    /// <summary>What an exception that leaves a stream says of it. A timeout cancels too, but is a failure.</summary>
    public static StreamOutcome OutcomeOf(Exception exception) =>
        exception is OperationCanceledException { InnerException: not TimeoutException } ? StreamOutcome.Cancelled : StreamOutcome.Failed;

    /// <summary>The finish reason of an answer whose provider gave none: "error" is what the conventions have for a stream that broke. A consumer who leaves is no reason of the provider.</summary>
    public static string? FinishReasonOf(StreamOutcome outcome) => outcome == StreamOutcome.Failed ? FinishReasons.Error : null;

    /// <summary>What the message of such an answer says, where the conventions of old require a reason and have no other word for an answer that did not arrive.</summary>
    public static string? MessageEndOf(StreamOutcome outcome) => outcome == StreamOutcome.Completed ? null : FinishReasons.Error;

    /// <summary>Writes on a span how the stream of its answer ended.</summary>
    public static void SetOutcome(Activity activity, StreamOutcome outcome) => activity.SetTag(OutcomeKey, Names[(int)outcome]);

    /// <summary>Whether the consumer of the span's stream left it before its end.</summary>
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
