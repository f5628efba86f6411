using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Assembling;
using PandaProbe.Processing;
using PandaProbe.Values;
using static PandaProbe.Content.MessageWriter;

namespace PandaProbe.Export.Writing;

/// <summary>Turns a trace and its spans into the bodies of requests. Used by one thread at a time.</summary>
internal sealed class PayloadWriter(ExportSettings settings)
{
    private const int SmallestBudget = 256;

    private readonly FieldWriter _writer = new(settings.Scanner);

    /// <summary>A trace with as many of its spans as fit. Returns how many.</summary>
    public int WriteTrace(RequestBody body, TraceRecord trace, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        body.Write(Head(trace, spans, contentBudget));
        body.Write(",\"spans\":["u8);
        int written = WriteSpans(body, spans, contentBudget, maxBytes);
        body.Write("]}"u8);
        return written;
    }

    /// <summary>Spans of a trace that is there already. Returns how many fit.</summary>
    public int WriteSpanList(RequestBody body, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        body.Write("["u8);
        int written = WriteSpans(body, spans, contentBudget, maxBytes);
        body.Write("]"u8);
        return written;
    }

    private int WriteSpans(RequestBody body, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        for (int i = 0; i < spans.Length; i++)
        {
            ReadOnlySpan<byte> span = Span(spans[i], contentBudget);
            if (i > 0 && body.Length + span.Length + 1 > maxBytes)
                return i;

            // One span that is too large by itself: its content shrinks until it fits, or cannot shrink further.
            for (int budget = contentBudget / 2; body.Length + span.Length > maxBytes && budget >= SmallestBudget; budget /= 2)
                span = Span(spans[i], budget);
            if (i > 0)
                body.Write(","u8);
            body.Write(span);
        }

        return spans.Length;
    }

    /// <summary>The object of a trace, still open for its spans.</summary>
    private ReadOnlySpan<byte> Head(TraceRecord trace, ReadOnlySpan<AssembledSpan> spans, int contentBudget)
    {
        // A trace of another process, of which only spans are known here, takes what it must have from the first of them.
        Activity source = trace.Root ?? spans[0].Activity;
        bool known = trace.Root is not null;
        bool ended = known && source.IsStopped && !trace.IsAhead;
        _writer.Begin(source, contentBudget);
        Utf8JsonWriter json = _writer.Json;
        SpanFields fields = _writer.Fields;

        json.WriteString("trace_id"u8, trace.Id);
        _writer.Name(source, "trace");
        json.WriteString("status"u8, StatusOf(source, fields.TraceStatus, ended));
        json.WriteString("started_at"u8, source.StartTimeUtc);
        if (ended)
            json.WriteString("ended_at"u8, source.StartTimeUtc + source.Duration);

        if (known)
        {
            WriteTraceValue("input", trace.RootIsSpan ? fields.InputMessages : null, fields.Input, fields.InputIsJson, Select.LastUser);
            WriteTraceValue("output", trace.RootIsSpan ? fields.OutputMessages : null, fields.Output, fields.OutputIsJson,
                Select.LastAssistant);
        }

        _writer.Short("session_id", fields.Session ?? FromSpans(spans, General.SessionId, GenAI.Conversation.Id), keepDistinct: true);
        _writer.Short("user_id", fields.User ?? FromSpans(spans, General.UserId, null), keepDistinct: true);
        _writer.Tags(fields.Tags ?? FromSpans(spans, General.Tags, null));
        TextMasking ofOptions = new(settings.Scanner, kind: null);
        _writer.Short("environment", ofOptions.Value("environment", settings.Environment));
        _writer.Short("release", ofOptions.Value("release", settings.Release));
        if (!known)
            return _writer.End();

        if (ErrorOf(source, fields) is { } error && !trace.RootIsSpan)
            fields.Note("error", error);
        if (trace.RootIsSpan)
        {
            // What the span says about itself is on the span.
            fields.Metadata.Clear();
            fields.Notes.RemoveAll(
                static note => !note.Key.EndsWith("_bytes", StringComparison.Ordinal)
                && !note.Key.EndsWith("_length", StringComparison.Ordinal));
        }

        fields.Note("sdk_name", "pandaprobe-dotnet");
        fields.Note("sdk_version", ProbeSource.Version);
        _writer.Metadata();
        return _writer.End();
    }

    private ReadOnlySpan<byte> Span(in AssembledSpan assembled, int contentBudget)
    {
        Activity span = assembled.Activity;
        _writer.Begin(span, contentBudget);
        Utf8JsonWriter json = _writer.Json;
        SpanFields fields = _writer.Fields;
        ProbeSpanKind kind = KindOf(fields);

        json.WriteString("span_id"u8, ProbeIds.SpanId(span));
        if (assembled.Parent != default)
            json.WriteString("parent_span_id"u8, ProbeIds.Combined(span.TraceId, assembled.Parent));
        _writer.Name(span, SpanKinds.DefaultName(kind));
        json.WriteString("kind"u8, SpanKinds.Name(kind));
        json.WriteString("status"u8, span.Status == ActivityStatusCode.Error ? "ERROR"u8 : "OK"u8);
        json.WriteString("started_at"u8, span.StartTimeUtc);
        json.WriteString("ended_at"u8, span.StartTimeUtc + span.Duration);
        if (ErrorOf(span, fields) is { } error)
            _writer.Text("error", error);

        WriteValue("input", fields.InputMessages, fields.SystemInstructions, fields.Input ?? fields.ToolArguments, fields.InputIsJson);
        WriteValue("output", fields.OutputMessages, null, fields.Output ?? fields.ToolResult, fields.OutputIsJson);
        _writer.Short("model", fields.ResponseModel ?? fields.RequestModel);
        if (fields.ResponseModel is not null && fields.RequestModel is not null && !Equals(fields.ResponseModel, fields.RequestModel))
            fields.Note("request_model", fields.RequestModel);
        UsageWriter.WriteUsage(_writer, assembled.IsAggregate);
        UsageWriter.WriteCost(_writer, assembled.IsAggregate);
        _writer.Parameters();
        WriteCompletionStart(span);
        _writer.Metadata();
        json.WriteEndObject();
        return _writer.End();
    }

    private void WriteTraceValue(string property, object? messages, object? value, bool isJson, Select select)
    {
        if ((messages ?? value) is not { } content)
            return;

        ContentWriter.WriteTraceValue(_writer.BeginValue(), content, isJson || messages is not null, select);
        _writer.EndValue(property);
    }

    private void WriteValue(string property, object? messages, object? instructions, object? value, bool isJson)
    {
        if ((messages ?? value ?? instructions) is null)
            return;

        Utf8JsonWriter json = _writer.BeginValue();
        if (messages is not null)
            ContentWriter.WriteMessages(json, messages, instructions, Select.All);
        else if (value is not null)
            ContentWriter.WriteValue(json, value, isJson);
        else
            ContentWriter.WriteInstructions(json, instructions!);
        _writer.EndValue(property);
    }

    private void WriteCompletionStart(Activity span)
    {
        SpanFields fields = _writer.Fields;
        DateTime? moment = null;
        if (fields.CompletionStart is string text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset parsed))
        {
            moment = parsed.UtcDateTime;
        }
        else if (fields.CompletionStart is not null)
        {
            fields.Note("refused.completion_start_time", fields.CompletionStart);
        }

        if (moment is null && TagNumber.TryNumber(fields.TimeToFirstChunk, out double seconds) && seconds is >= 0 and < 1e6)
            moment = span.StartTimeUtc.AddSeconds(seconds);
        if (moment is { } known)
            _writer.Json.WriteString("completion_start_time"u8, known);
    }

    private static string StatusOf(Activity root, object? set, bool ended)
    {
        if (set is "PENDING" or "RUNNING" or "COMPLETED" or "ERROR")
            return (string)set;
        if (!ended)
            return "RUNNING";
        return root.Status == ActivityStatusCode.Error ? "ERROR" : "COMPLETED";
    }

    private static ProbeSpanKind KindOf(SpanFields fields)
    {
        if (fields.Kind is string name && SpanKinds.TryParse(name, out ProbeSpanKind kind))
            return kind;
        return SpanKinds.FromOperation(fields.Operation) ?? ProbeSpanKind.Other;
    }

    private string? ErrorOf(Activity span, SpanFields fields)
    {
        string? type = fields.ErrorType as string;
        if (span.Status != ActivityStatusCode.Error)
        {
            if (type is not null)
                fields.Note("error_type", type);
            return null;
        }

        string? message = _writer.Status(span);
        foreach (ref readonly ActivityEvent recorded in span.EnumerateEvents())
        {
            if (recorded.Name != General.Exception.EventName)
                continue;

            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
            {
                if (tag.Key == General.Exception.Type)
                    type ??= tag.Value as string;
                else if (tag.Key == General.Exception.Message)
                    message ??= _writer.Safe(tag.Key, tag.Value) as string;
                else if (tag.Key == General.Exception.StackTrace)
                    fields.Note("exception_stacktrace", _writer.Safe(tag.Key, tag.Value));
            }
        }

        if (type is null or "_OTHER")
            return string.IsNullOrEmpty(message) ? "error" : message;

        fields.Note("error_type", type);
        return string.IsNullOrEmpty(message) || message == type ? type : $"{type}: {message}";
    }

    private object? FromSpans(ReadOnlySpan<AssembledSpan> spans, string name, string? otherwise)
    {
        foreach (ref readonly AssembledSpan span in spans)
        {
            if (SpanMasking.TryApply(span.Activity, settings.Scanner)
                && (span.Activity.GetTagItem(name) ?? (otherwise is null ? null : span.Activity.GetTagItem(otherwise))) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
