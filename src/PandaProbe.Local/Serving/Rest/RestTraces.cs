using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Common.V1;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Receiving.Rest;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving.Rest;

/// <summary>Writes traces and spans in the form of PandaProbe's API.</summary>
internal static class RestTraces
{
    /// <summary>There is one project here.</summary>
    public const string Project = "00000000-0000-0000-0000-000000000001";

    private const int DeepestContent = 100;

    /// <summary>Returns the trace that has an id, or of which a span begins a trace with it.</summary>
    public static UInt128? Resolve(SqliteConnection connection, UInt128 id)
    {
        using Statement whole = new(connection, "SELECT 1 FROM trace WHERE trace_id = ?1");
        if (whole.Bind(1, id).RunForNumber() is not null)
            return id;

        using Statement part = new(connection, """
            SELECT t.trace_id FROM trace t JOIN span s ON s.trace = t.id WHERE t.trace_id >= ?1 AND t.trace_id <= ?2 AND s.key = ?3 LIMIT 1
            """);
        ulong upper = (ulong)(id >> 64);
        part.Bind(1, new UInt128(upper, 0)).Bind(2, new UInt128(upper, ulong.MaxValue)).Bind(3, id);
        return part.Step() ? part.Id(0) : null;
    }

    public static JsonObject? Whole(SqliteConnection connection, UInt128 id)
    {
        if (TraceList.Find(connection, id) is not { } trace)
            return null;

        JsonObject head = Head(connection, id);
        using StoredSpans stored = new(connection);
        List<StoredSpan> spans = [.. stored.OfTrace(id)];
        ReadSpan? root = spans.Find(static span => span.Parent == default)?.Read();
        JsonObject answer = Fields(trace);
        answer["project_id"] = Project;
        answer["input"] = head["input"]?.DeepClone() ?? (root is null ? null : Content(root.Input, root.InputValue));
        answer["output"] = head["output"]?.DeepClone() ?? (root is null ? null : Content(root.Output, root.OutputValue));
        answer["metadata"] = head["metadata"]?.DeepClone() ?? (root is null ? new JsonObject() : FieldsOf(root.Metadata));
        answer["spans"] = new JsonArray([.. spans.Select(span => Span(span, id))]);
        return answer;
    }

    public static JsonObject ListItem(TraceItem trace)
    {
        JsonObject item = Fields(trace);
        item["latency_ms"] = trace.Status is "RUNNING" or "PENDING" ? null : trace.Duration;
        item["span_count"] = trace.Sums.Spans;
        item["total_tokens"] = trace.Sums.InputTokens + trace.Sums.OutputTokens;
        item["total_cost"] = trace.Sums.Cost ?? 0;
        return item;
    }

    public static JsonObject Span(StoredSpan stored, UInt128 trace)
    {
        ReadSpan read = stored.Read();
        bool isRunning = stored.Span.EndTimeUnixNano == 0;
        double start = Times.Milliseconds((long)Math.Min(stored.Span.StartTimeUnixNano, long.MaxValue));
        double end = Times.Milliseconds((long)Math.Min(stored.Span.EndTimeUnixNano, long.MaxValue));
        JsonObject metadata = FieldsOf(read.Metadata);
        if (read.Provider is not null)
            metadata.TryAdd("provider", read.Provider);
        return new()
        {
            ["span_id"] = Ids.ToGuid(stored.Key).ToString(),
            ["trace_id"] = Ids.ToGuid(trace).ToString(),
            ["parent_span_id"] = stored.Parent == default ? null : Ids.ToGuid(stored.Parent).ToString(),
            ["name"] = stored.Span.Name,
            ["kind"] = read.Kind == StepKind.Trace ? "CHAIN" : SpanRowMaker.KindName(read.Kind),
            ["status"] = read.IsError ? "ERROR" : isRunning ? "UNSET" : "OK",
            ["input"] = Given(stored, RestSpans.InputAttribute) ?? Content(read.Input, read.InputValue ?? read.ToolArguments),
            ["output"] = Given(stored, RestSpans.OutputAttribute) ?? Content(read.Output, read.OutputValue ?? read.ToolResult),
            ["model"] = read.Model,
            ["token_usage"] = Usage(read),
            ["metadata"] = metadata,
            ["started_at"] = Time(start),
            ["ended_at"] = isRunning ? null : Time(end),
            ["error"] = read.IsError ? stored.Span.Status is { Message.Length: > 0 } status ? status.Message : read.ErrorMessage
            ?? read.ErrorType ?? "error" : null,
            ["completion_start_time"] = read.TimeToFirstChunk is { } first ? Time(start + first.TotalMilliseconds) : null,
            ["model_parameters"] = read.Parameters.Count == 0 ? null : FieldsOf(read.Parameters),
            ["cost"] = Cost(read),
            ["latency_ms"] = isRunning ? null : Math.Max(0, end - start),
            ["time_to_first_token_ms"] = read.TimeToFirstChunk?.TotalMilliseconds,
        };
    }

    public static string Time(double milliseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(Math.Clamp(milliseconds, 0, 250_000_000_000_000) * TimeSpan.TicksPerMillisecond))
            .UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static JsonObject Fields(TraceItem trace)
    {
        UInt128 id = Ids.Parse(trace.Id);
        return new()
        {
            ["trace_id"] = Ids.ToGuid(id).ToString(),
            ["name"] = trace.Name ?? "trace",
            ["status"] = trace.Status,
            ["started_at"] = Time(trace.Start),
            ["ended_at"] = trace.Status is "RUNNING" or "PENDING" ? null : Time(trace.Start + trace.Duration),
            ["session_id"] = trace.Session,
            ["user_id"] = trace.User,
            ["tags"] = new JsonArray([.. trace.Tags.Select(static tag => JsonValue.Create(tag))]),
            ["environment"] = trace.Environment,
            ["release"] = trace.Release,
        };
    }

    private static JsonObject Head(SqliteConnection connection, UInt128 id)
    {
        using Statement row = new(connection, "SELECT head FROM trace WHERE trace_id = ?1 AND head IS NOT NULL");
        return row.Bind(1, id).Step() && JsonNode.Parse(row.Blob(0), null, new() { MaxDepth = 512 }) is JsonObject head ? head : [];
    }

    /// <summary>What came over REST is given back as it came.</summary>
    private static JsonNode? Given(StoredSpan stored, string attribute) => stored.Source == SpanSource.Rest
        ? stored.Span.Attributes.FirstOrDefault(pair => pair.Key == attribute)?.Value is { } value ? NodeOf(value) : null
        : null;

    private static JsonNode? NodeOf(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => Json(value.StringValue),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue) => value.DoubleValue,
        _ => null,
    };

    private static JsonNode? Json(string text)
    {
        if (text.AsSpan().TrimStart() is not (['{', ..] or ['[', ..]))
            return text;

        try
        {
            return JsonNode.Parse(text, null, new() { MaxDepth = DeepestContent });
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static JsonNode? Content(IReadOnlyList<ReadMessage> messages, string? value)
    {
        if (messages.Count == 0)
            return value is null ? null : Json(value);

        JsonArray list = [];
        foreach (ReadMessage message in messages)
        {
            bool isText = message.Parts.All(static part => part.Kind == ReadPartKind.Text);
            list.Add(new JsonObject { ["role"] = message.Role, ["content"] = isText ? message.Text : Parts(message) });
        }

        return new JsonObject { ["messages"] = list };
    }

    private static JsonNode? Parts(ReadMessage message)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
            MessageJson.Write(json, message);
        return JsonNode.Parse(text.GetBuffer().AsSpan(0, (int)text.Length))?["parts"]?.DeepClone();
    }

    private static JsonObject? Usage(ReadSpan read)
    {
        if (read.Usage.IsEmpty)
            return null;

        JsonObject usage = [];
        Add("prompt_tokens", read.Usage.Input);
        Add("completion_tokens", read.Usage.Output);
        Add("total_tokens", read.Usage.Total);
        Add("cache_read_tokens", read.Usage.CacheRead);
        Add("cache_creation_tokens", read.Usage.CacheWrite);
        Add("reasoning_tokens", read.Usage.Reasoning);
        foreach (ReadField field in read.OtherUsage)
            usage.TryAdd(field.Key, JsonNode.Parse(field.Json));
        return usage;

        void Add(string name, long? count)
        {
            if (count is not null)
                usage[name] = count;
        }
    }

    private static JsonObject? Cost(ReadSpan read)
    {
        if (read.Cost is not { } total)
            return null;

        JsonObject cost = new() { ["total"] = (double)total };
        foreach (ReadField part in read.CostParts)
            cost.TryAdd(part.Key, JsonNode.Parse(part.Json));
        return cost;
    }

    private static JsonObject FieldsOf(List<ReadField> fields)
    {
        JsonObject result = [];
        foreach (ReadField field in fields)
            result.TryAdd(field.Key, JsonNode.Parse(field.Json));
        return result;
    }
}
