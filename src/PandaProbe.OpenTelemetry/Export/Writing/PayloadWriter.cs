using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;
using PandaProbe.Export.Assembling;
using PandaProbe.Values;
using static PandaProbe.Export.Writing.MessageWriter;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Turns a trace and its spans into the bodies of requests. Whatever is in the tags, the body satisfies the schema: fields that are too long are
/// shortened, values that make no sense are left out, and both are noted in the metadata. Used by one thread at a time.
/// </summary>
internal sealed class PayloadWriter(ExportSettings settings)
{
    private readonly SpanFields _fields = new();
    private readonly ContentWriter _content = new();
    private bool _any;

    /// <summary>A trace with as many of its spans as fit. Returns how many.</summary>
    public int WriteTrace(Utf8Output output, TraceRecord trace, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        WriteHead(output, trace, spans, contentBudget);
        output.Raw(",\"spans\":["u8);
        int written = WriteSpans(output, spans, contentBudget, maxBytes);
        output.Raw("]}"u8);
        return written;
    }

    /// <summary>Spans of a trace that is there already. Returns how many fit.</summary>
    public int WriteSpanList(Utf8Output output, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        output.Byte((byte)'[');
        int written = WriteSpans(output, spans, contentBudget, maxBytes);
        output.Byte((byte)']');
        return written;
    }

    private int WriteSpans(Utf8Output output, ReadOnlySpan<AssembledSpan> spans, int contentBudget, long maxBytes)
    {
        for (int i = 0; i < spans.Length; i++)
        {
            long before = output.Length;
            if (i > 0)
                output.Byte((byte)',');
            WriteSpan(output, spans[i], contentBudget);
            if (output.Length <= maxBytes)
                continue;

            if (i > 0)
            {
                output.CutTo(before);
                return i;
            }

            // One span that is too large by itself: its content shrinks until it fits, or until only its bones are left.
            for (int budget = contentBudget / 2; output.Length > maxBytes && budget >= 256; budget /= 2)
            {
                output.CutTo(before);
                WriteSpan(output, spans[i], budget);
            }
        }

        return spans.Length;
    }

    private void WriteHead(Utf8Output output, TraceRecord trace, ReadOnlySpan<AssembledSpan> spans, int contentBudget)
    {
        // A trace of another process, of which only spans are known here, takes what it must have from the first of them.
        Activity source = trace.Root ?? spans[0].Activity;
        bool known = trace.Root is not null;
        _fields.Read(source);
        SpanFields fields = _fields;

        output.Raw("{\"trace_id\":"u8);
        output.Id(trace.Id);
        output.Raw(",\"name\":"u8);
        WriteName(output, source.DisplayName, "trace");
        output.Raw(",\"status\":\""u8);
        output.Raw(StatusOf(source, fields.TraceStatus, known).AsSpan());
        output.Raw("\",\"started_at\":"u8);
        output.Time(source.StartTimeUtc);
        if (known && source.IsStopped)
        {
            output.Raw(",\"ended_at\":"u8);
            output.Time(source.StartTimeUtc + source.Duration);
        }

        if (known)
        {
            object? input = trace.RootIsSpan && fields.InputMessages is not null ? fields.InputMessages : fields.Input;
            if (input is not null)
                WriteContent(output, ",\"input\":"u8, "input_original_bytes", contentBudget, (input, fields.InputIsJson || input == fields.InputMessages, Select.LastUser));
            object? answer = trace.RootIsSpan && fields.OutputMessages is not null ? fields.OutputMessages : fields.Output;
            if (answer is not null)
                WriteContent(output, ",\"output\":"u8, "output_original_bytes", contentBudget, (answer, fields.OutputIsJson || answer == fields.OutputMessages, Select.LastAssistant));
        }

        WriteShort(output, ",\"session_id\":"u8, "session_id", fields.Session ?? FromSpans(spans, General.SessionId, GenAI.Conversation.Id));
        WriteShort(output, ",\"user_id\":"u8, "user_id", fields.User ?? FromSpans(spans, General.UserId, null));
        WriteTags(output, fields.Tags ?? FromSpans(spans, General.Tags, null));
        WriteShort(output, ",\"environment\":"u8, "environment", settings.Environment);
        WriteShort(output, ",\"release\":"u8, "release", settings.Release);

        if (known)
        {
            if (ErrorOf(source, fields) is { } error && !trace.RootIsSpan)
                fields.Note("error", error);
            if (trace.RootIsSpan)
            {
                // What the span says about itself is on the span.
                fields.Metadata.Clear();
                fields.Notes.RemoveAll(static note => !note.Key.EndsWith("_bytes", StringComparison.Ordinal) && !note.Key.EndsWith("_length", StringComparison.Ordinal));
            }

            fields.Note("sdk_name", "pandaprobe-dotnet");
            fields.Note("sdk_version", ProbeSource.Version);
            WriteMetadata(output, contentBudget);
        }
    }

    private void WriteSpan(Utf8Output output, in AssembledSpan assembled, int contentBudget)
    {
        Activity span = assembled.Activity;
        SpanFields fields = _fields;
        fields.Read(span);
        ProbeSpanKind kind = KindOf(fields);

        output.Raw("{\"span_id\":"u8);
        WriteSpanId(output, span.TraceId, span.SpanId);
        if (assembled.Parent != default)
        {
            output.Raw(",\"parent_span_id\":"u8);
            WriteSpanId(output, span.TraceId, assembled.Parent);
        }

        output.Raw(",\"name\":"u8);
        WriteName(output, span.DisplayName, SpanKinds.DefaultName(kind));
        output.Raw(",\"kind\":\""u8);
        output.Raw(SpanKinds.Name(kind).AsSpan());
        output.Raw(span.Status == ActivityStatusCode.Error ? "\",\"status\":\"ERROR\",\"started_at\":"u8 : "\",\"status\":\"OK\",\"started_at\":"u8);
        output.Time(span.StartTimeUtc);
        output.Raw(",\"ended_at\":"u8);
        output.Time(span.StartTimeUtc + span.Duration);

        if (ErrorOf(span, fields) is { } error)
        {
            output.Raw(",\"error\":"u8);
            long start = output.Length;
            output.String(error);
            NoteIfShortened(output, start, contentBudget, "error_original_bytes");
        }

        WriteInputAndOutput(output, contentBudget);
        WriteShort(output, ",\"model\":"u8, "model", fields.ResponseModel ?? fields.RequestModel);
        if (fields.ResponseModel is not null && fields.RequestModel is not null && !Equals(fields.ResponseModel, fields.RequestModel))
            fields.Note("request_model", fields.RequestModel);
        WriteUsage(output, assembled.IsAggregate);
        WriteCost(output, assembled.IsAggregate);
        WriteParameters(output);
        WriteCompletionStart(output, span);
        WriteMetadata(output, contentBudget);
        output.Byte((byte)'}');
    }

    private void WriteInputAndOutput(Utf8Output output, int budget)
    {
        SpanFields fields = _fields;
        if (fields.InputMessages is not null)
        {
            output.Raw(",\"input\":"u8);
            long start = output.Length;
            _content.WriteMessages(output, fields.InputMessages, fields.SystemInstructions, Select.All);
            NoteIfShortened(output, start, budget, "input_original_bytes");
        }
        else if ((fields.Input ?? fields.ToolArguments) is { } input)
        {
            output.Raw(",\"input\":"u8);
            long start = output.Length;
            ContentWriter.WriteValue(output, input, fields.InputIsJson);
            NoteIfShortened(output, start, budget, "input_original_bytes");
        }
        else if (fields.SystemInstructions is not null)
        {
            output.Raw(",\"input\":"u8);
            long start = output.Length;
            _content.WriteInstructions(output, fields.SystemInstructions);
            NoteIfShortened(output, start, budget, "input_original_bytes");
        }

        if (fields.OutputMessages is not null)
        {
            output.Raw(",\"output\":"u8);
            long start = output.Length;
            _content.WriteMessages(output, fields.OutputMessages, null, Select.All);
            NoteIfShortened(output, start, budget, "output_original_bytes");
        }
        else if ((fields.Output ?? fields.ToolResult) is { } result)
        {
            output.Raw(",\"output\":"u8);
            long start = output.Length;
            ContentWriter.WriteValue(output, result, fields.OutputIsJson);
            NoteIfShortened(output, start, budget, "output_original_bytes");
        }
    }

    private void WriteContent(Utf8Output output, ReadOnlySpan<byte> name, string note, int budget, (object Value, bool IsJson, Select Select) content)
    {
        output.Raw(name);
        long start = output.Length;
        _content.WriteTraceValue(output, content.Value, content.IsJson, content.Select);
        NoteIfShortened(output, start, budget, note);
    }

    private void NoteIfShortened(Utf8Output output, long start, int budget, string note)
    {
        if (ContentWriter.Shorten(output, start, budget) is > 0 and var size)
            _fields.Note(note, size);
    }

    private void WriteUsage(Utf8Output output, bool aggregate)
    {
        SpanFields fields = _fields;
        bool hasPrompt = TryCount("prompt_tokens", fields.PromptTokens, out long prompt);
        bool hasCompletion = TryCount("completion_tokens", fields.CompletionTokens, out long completion);
        if (aggregate)
        {
            // The server sums over all spans: what only sums up the spans below stays out of the sum.
            if (hasPrompt)
                fields.Note("aggregate_prompt_tokens", prompt);
            if (hasCompletion)
                fields.Note("aggregate_completion_tokens", completion);
            return;
        }

        _any = false;
        if (hasPrompt)
            UsageEntry(output, "prompt_tokens", prompt);
        if (hasCompletion)
            UsageEntry(output, "completion_tokens", completion);
        if (hasPrompt && hasCompletion)
            UsageEntry(output, "total_tokens", prompt + completion);
        if (TryCount("cache_read_tokens", fields.CacheRead, out long read))
            UsageEntry(output, "cache_read_tokens", read);
        if (TryCount("cache_creation_tokens", fields.CacheCreation, out long created))
            UsageEntry(output, "cache_creation_tokens", created);
        if (TryCount("reasoning_tokens", fields.Reasoning, out long reasoning))
            UsageEntry(output, "reasoning_tokens", reasoning);
        foreach (var (key, value) in fields.Usage)
        {
            if (key is not ("total_tokens" or "prompt_tokens" or "completion_tokens" or "cache_read_tokens" or "cache_creation_tokens" or "reasoning_tokens")
                && TryCount(key, value, out long count))
            {
                UsageEntry(output, key, count);
            }
        }

        if (_any)
            output.Byte((byte)'}');
    }

    private bool TryCount(string name, object? value, out long count)
    {
        count = 0;
        if (value is null)
            return false;
        if (ValueWriter.TryCount(value, out count))
            return true;

        _fields.Note("refused." + name, value);
        return false;
    }

    private void UsageEntry(Utf8Output output, string key, long count)
    {
        OpenEntry(output, ",\"token_usage\":{"u8, key);
        output.Number(count);
    }

    private void OpenEntry(Utf8Output output, ReadOnlySpan<byte> open, string key)
    {
        if (_any)
            output.Byte((byte)',');
        else
            output.Raw(open);
        _any = true;
        output.String(key);
        output.Byte((byte)':');
    }

    private void WriteCost(Utf8Output output, bool aggregate)
    {
        SpanFields fields = _fields;
        object? total = fields.CostTotal ?? fields.BridgedCost;
        if (aggregate)
        {
            if (total is not null)
                fields.Note("aggregate_cost", total);
            return;
        }

        _any = false;
        CostEntry(output, "total", total);
        foreach (var (key, value) in fields.Cost)
            CostEntry(output, key, value);
        if (_any)
            output.Byte((byte)'}');
    }

    private void CostEntry(Utf8Output output, string key, object? value)
    {
        if (value is null)
            return;

        if (!ValueWriter.TryNumber(value, out double number) || number < 0)
        {
            _fields.Note("refused.cost." + key, value);
            return;
        }

        OpenEntry(output, ",\"cost\":{"u8, key);
        output.Number(number);
    }

    private void WriteParameters(Utf8Output output)
    {
        _any = false;
        foreach (var (key, value) in _fields.Parameters)
        {
            OpenEntry(output, ",\"model_parameters\":{"u8, key);
            ValueWriter.Write(output, value);
        }

        if (_any)
            output.Byte((byte)'}');
    }

    private void WriteCompletionStart(Utf8Output output, Activity span)
    {
        SpanFields fields = _fields;
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

        if (moment is null && ValueWriter.TryNumber(fields.TimeToFirstChunk, out double seconds) && seconds is >= 0 and < 1e6)
            moment = span.StartTimeUtc.AddSeconds(seconds);
        if (moment is { } known)
        {
            output.Raw(",\"completion_start_time\":"u8);
            output.Time(known);
        }
    }

    private void WriteMetadata(Utf8Output output, int budget)
    {
        SpanFields fields = _fields;
        _any = false;
        foreach (var (key, value) in fields.Metadata)
        {
            MetadataEntry(output, key, value, budget);
        }

        for (int i = 0; i < fields.Notes.Count; i++)
        {
            var (key, value) = fields.Notes[i];
            if (IsTaken(fields, key, i))
                continue;

            MetadataEntry(output, key, value, budget);
        }

        if (_any)
            output.Byte((byte)'}');
    }

    // What is noted of an entry that is too long comes with the notes, which come last.
    private void MetadataEntry(Utf8Output output, string key, object? value, int budget)
    {
        OpenEntry(output, ",\"metadata\":{"u8, key);
        long start = output.Length;
        ValueWriter.Write(output, value);
        if (ContentWriter.Shorten(output, start, budget) is > 0 and var size)
            _fields.Note(key + "_original_bytes", size);
    }

    private static bool IsTaken(SpanFields fields, string key, int before)
    {
        foreach (KeyValuePair<string, object?> known in fields.Metadata)
        {
            if (known.Key == key)
                return true;
        }

        for (int i = 0; i < before; i++)
        {
            if (fields.Notes[i].Key == key)
                return true;
        }

        return false;
    }

    private void WriteName(Utf8Output output, string? name, string otherwise)
    {
        if (string.IsNullOrWhiteSpace(name))
            name = otherwise;
        if (name.Length > FieldLimits.Name)
        {
            _fields.Note("name_original_length", name.Length);
            name = JsonText.Cut(name, FieldLimits.Name);
        }

        output.String(name);
    }

    private void WriteShort(Utf8Output output, ReadOnlySpan<byte> property, string name, object? value)
    {
        if (value is null || ValueWriter.TextOf(value) is not { Length: > 0 } text)
            return;

        if (text.Length > FieldLimits.Short)
        {
            _fields.Note(name + "_original_length", text.Length);
            text = JsonText.Cut(text, FieldLimits.Short);
        }

        output.Raw(property);
        output.String(text);
    }

    private static void WriteTags(Utf8Output output, object? tags)
    {
        string[] list = tags switch
        {
            string[] texts => texts,
            IEnumerable<string> texts => [.. texts],
            string text => [text],
            _ => [],
        };

        bool any = false;
        foreach (string? tag in list)
        {
            if (string.IsNullOrEmpty(tag))
                continue;

            output.Raw(any ? ","u8 : ",\"tags\":["u8);
            any = true;
            output.String(tag);
        }

        if (any)
            output.Byte((byte)']');
    }

    /// <summary>A span's identifier, from the hexadecimal texts that the activity holds anyway.</summary>
    private static void WriteSpanId(Utf8Output output, ActivityTraceId traceId, ActivitySpanId spanId)
    {
        string first = traceId.ToHexString();
        string second = spanId.ToHexString();
        Span<byte> span = output.GetSpan(38);
        span[0] = (byte)'"';
        Hex(first, 0, 8, span[1..]);
        span[9] = (byte)'-';
        Hex(first, 8, 4, span[10..]);
        span[14] = (byte)'-';
        Hex(first, 12, 4, span[15..]);
        span[19] = (byte)'-';
        Hex(second, 0, 4, span[20..]);
        span[24] = (byte)'-';
        Hex(second, 4, 12, span[25..]);
        span[37] = (byte)'"';
        output.Advance(38);
    }

    private static void Hex(string text, int from, int count, Span<byte> target)
    {
        for (int i = 0; i < count; i++)
            target[i] = (byte)text[from + i];
    }

    private static string StatusOf(Activity root, object? set, bool known)
    {
        if (set is "PENDING" or "RUNNING" or "COMPLETED" or "ERROR")
            return (string)set;
        if (!known || !root.IsStopped)
            return "RUNNING";
        return root.Status == ActivityStatusCode.Error ? "ERROR" : "COMPLETED";
    }

    private static ProbeSpanKind KindOf(SpanFields fields)
    {
        if (fields.Kind is string name && SpanKinds.TryParse(name, out ProbeSpanKind kind))
            return kind;
        return SpanKinds.FromOperation(fields.Operation) ?? ProbeSpanKind.Other;
    }

    private static string? ErrorOf(Activity span, SpanFields fields)
    {
        string? type = fields.ErrorType as string;
        if (span.Status != ActivityStatusCode.Error)
        {
            if (type is not null)
                fields.Note("error_type", type);
            return null;
        }

        string? message = span.StatusDescription;
        foreach (ref readonly ActivityEvent recorded in span.EnumerateEvents())
        {
            if (recorded.Name != General.Exception.EventName)
                continue;

            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
            {
                if (tag.Key == General.Exception.Type)
                    type ??= tag.Value as string;
                else if (tag.Key == General.Exception.Message)
                    message ??= tag.Value as string;
                else if (tag.Key == "exception.stacktrace")
                    fields.Note("exception_stacktrace", tag.Value);
            }
        }

        if (type is null or "_OTHER")
            return string.IsNullOrEmpty(message) ? "error" : message;

        fields.Note("error_type", type);
        return string.IsNullOrEmpty(message) || message == type ? type : $"{type}: {message}";
    }

    private static object? FromSpans(ReadOnlySpan<AssembledSpan> spans, string name, string? otherwise)
    {
        foreach (ref readonly AssembledSpan span in spans)
        {
            if ((span.Activity.GetTagItem(name) ?? (otherwise is null ? null : span.Activity.GetTagItem(otherwise))) is { } value)
                return value;
        }

        return null;
    }
}
