using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Recording;

/// <summary>
/// Records the first enumeration of the stream that a span observes, and ends the span with it. The span is current for the consumer. So it
/// ends in the consumer's <see cref="ExecutionContext"/>, where <see cref="Activity.Current"/> can be set.
/// </summary>
internal sealed class SpanRecorder<T> : StreamRecorder<T>
{
    // Redaction and masking need the whole of a value that lies across the limit.
    private const int Overlap = WholeValues.Reach;

    private readonly OpenSpan _span;
    private readonly Activity? _activity;
    private readonly StreamMeasurement? _measurement;
    private readonly StreamedText? _text;
    private readonly string? _model;
    private Func<T, string?>? _textOf;
    private Activity? _inside;
    private Activity? _consumer;
    private int _enumerated;
    private int _ended;

    public SpanRecorder(in OpenSpan span, Func<T, string?>? textOf)
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

    public override StreamRecorder<T>? Enumerate()
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
            return null;

        _measurement?.OnEnumerate();
        return this;
    }

    public override bool Enter(bool moves)
    {
        if (_activity is null)
            return true;

        _consumer = Activity.Current;
        if (!ReferenceEquals(_consumer, _inside) && !_activity.IsStopped)
            Activity.Current = _inside is { IsStopped: false } ? _inside : _activity;
        return true;
    }

    // A stream may leave an activity of its own open between two chunks. The next Enter makes it current again.
    public override void Exit()
    {
        if (_activity is null)
            return;

        Activity? inside = Activity.Current;
        if (ReferenceEquals(inside, _consumer))
            return;

        _inside = inside;
        Activity.Current = ActivityScope.Live(_consumer);
    }

    public override void OnItem(T item)
    {
        _measurement?.OnChunk();
        if (_textOf is not { } textOf)
            return;

        try
        {
            if (textOf(item) is { Length: > 0 } text)
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

    public override void End() => End(exception: null);

    protected override void OnException(Exception exception) => End(exception);

    private void End(Exception? exception)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;

        try
        {
            _measurement?.OnEnd(Outcome, exception);
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
        // The provider's own count is exact.
        if (_span.Kind == ProbeSpanKind.Llm && _span.LacksOutputTokens && text.Count(_model) is { } count)
            _span.SetCompletionTokens(count);

        if (_span.IsRecording && text.Total > 0 && !_span.HasOutput)
        {
            ContentTags.SetText(_activity!, _span.Kind, ContentTags.Direction.Output, new string(text.Kept));
            if (_activity!.GetTagItem(GenAI.Output.Messages) is ConversationContent content)
                content.FinishReason ??= StreamMeasurement.MessageEndOf(Outcome);
            if (text.Total > ContentPolicy.Current.MaxLength && ContentPolicy.Current.Capture)
                ContentTags.NoteOriginalLength(_activity!, ContentTags.Direction.Output, (int)Math.Min(text.Total, int.MaxValue));
        }

        text.Return();
    }
}
