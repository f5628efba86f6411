using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Recording;

/// <summary>
/// What an observed stream does besides passing chunks through, asynchronous or not. Everything here runs in the flow of the consumer, where
/// <see cref="Activity.Current"/> can be set to last.
/// </summary>
internal abstract class StreamObserver<T>
{
    // More than is recorded, so that redaction sees the whole of what lies across the limit.
    private const int Overlap = 1024;

    private readonly OpenSpan _span;
    private readonly Activity? _activity;
    private readonly StreamMeasurement? _measurement;
    private readonly StreamedText? _text;
    private readonly string? _model;
    private Func<T, string?>? _textOf;
    private Activity? _inside;
    private int _enumerated;
    private int _ended;

    protected StreamObserver(in OpenSpan span, Func<T, string?>? textOf)
    {
        _span = span;
        _activity = _inside = span.Activity;
        _measurement = StreamMeasurement.Of(span);
        if (_measurement is null || textOf is null)
            return;

        ContentPolicy policy = ContentPolicy.Current;
        bool captures = span.IsRecording && policy.Capture;
        if (!captures && span.Kind != ProbeSpanKind.Llm)
            return;

        _textOf = textOf;
        _text = new(captures ? (int)Math.Min((long)policy.MaxLength + Overlap, int.MaxValue / 4) : 0);
        _model = span.Kind == ProbeSpanKind.Llm ? span.Model : null;
    }

    /// <summary>Whether this enumeration is the first, which is the one that is recorded.</summary>
    protected bool TryBegin()
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
            return false;

        _measurement?.OnEnumerate();
        return true;
    }

    /// <summary>Makes what is current inside the stream current, and returns what the consumer has.</summary>
    protected Activity? Enter()
    {
        if (_activity is null)
            return null;

        Activity? consumer = Activity.Current;
        if (!ReferenceEquals(consumer, _inside) && !_activity.IsStopped)
            Activity.Current = _inside is { IsStopped: false } ? _inside : _activity;
        return consumer;
    }

    /// <summary>Gives the consumer back what it has. A stream may leave an activity of its own open between two chunks: it finds it again.</summary>
    protected void Leave(Activity? consumer)
    {
        if (_activity is null)
            return;

        Activity? inside = Activity.Current;
        if (ReferenceEquals(inside, consumer))
            return;

        _inside = inside;
        Activity.Current = ActivityScope.Live(consumer);
    }

    protected void OnChunk(T chunk)
    {
        _measurement?.OnChunk();
        if (_textOf is not { } textOf)
            return;

        try
        {
            if (textOf(chunk) is { Length: > 0 } text)
            {
                _measurement!.OnContent();
                _text!.Append(text, _model);
            }
        }
        catch (Exception exception)
        {
            _textOf = null;
            PandaProbeEventSource.Log.TelemetryFailed("observe stream", exception);
        }
    }

    /// <summary>An exception filter: ends the span with what leaves the stream, and lets it pass.</summary>
    protected bool Saw(Exception exception)
    {
        End(StreamMeasurement.OutcomeOf(exception), exception);
        return false;
    }

    /// <summary>Ends the span, once.</summary>
    protected void End(StreamOutcome outcome, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;

        try
        {
            _measurement?.OnEnd(outcome, exception);
            if (_text is not null)
                Record(_text);
        }
        catch (Exception failure)
        {
            PandaProbeEventSource.Log.TelemetryFailed("observe stream", failure);
        }

        _span.EndAsRecorded();
    }

    private void Record(StreamedText text)
    {
        // A provider that reports its usage has counted better than we can.
        if (_span.Kind == ProbeSpanKind.Llm && _span.LacksOutputTokens && text.Count(_model) is { } count)
            _span.SetCompletionTokens(count);

        if (_span.IsRecording && text.Total > 0 && !_span.HasOutput)
        {
            ContentTags.SetText(_activity!, _span.Kind, ContentTags.Direction.Output, new string(text.Kept));
            if (text.Total > ContentPolicy.Current.MaxLength && ContentPolicy.Current.Capture)
                ContentTags.NoteOriginalLength(_activity!, ContentTags.Direction.Output, (int)Math.Min(text.Total, int.MaxValue));
        }

        text.Return();
    }
}
