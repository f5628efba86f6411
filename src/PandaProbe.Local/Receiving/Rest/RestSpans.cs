using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving.Rest;

/// <summary>
/// Makes OTLP spans from spans of PandaProbe's REST API, with the attributes that PandaProbe's SDK writes for the same fields. So there is
/// one way to read, store and show a span.
/// </summary>
internal static class RestSpans
{
    public const string InputAttribute = "input.value";
    public const string OutputAttribute = "output.value";
    public const string KindAttribute = "pandaprobe.span.kind";
    public const string MetadataPrefix = "pandaprobe.metadata.";
    public const string ParameterPrefix = "pandaprobe.model_parameters.";
    public const string UsagePrefix = "pandaprobe.usage.";
    public const string CostPrefix = "pandaprobe.cost.";

    public static readonly Dictionary<string, string> UsageNames = new(StringComparer.Ordinal)
    {
        ["prompt_tokens"] = "gen_ai.usage.input_tokens",
        ["input_tokens"] = "gen_ai.usage.input_tokens",
        ["completion_tokens"] = "gen_ai.usage.output_tokens",
        ["output_tokens"] = "gen_ai.usage.output_tokens",
        ["cache_read_tokens"] = "gen_ai.usage.cache_read.input_tokens",
        ["cache_creation_tokens"] = "gen_ai.usage.cache_creation.input_tokens",
        ["reasoning_tokens"] = "gen_ai.usage.reasoning.output_tokens",
    };

    /// <summary>Makes the row of a span. Its trace and its id are given: they may not be derived from OpenTelemetry's.</summary>
    public static SpanRow Row(UInt128 trace, UInt128 key, JsonElement json, Chunk origin)
    {
        UInt128 parent = json.TryGetProperty("parent_span_id", out JsonElement above) && above.ValueKind == JsonValueKind.String
            && above.TryGetGuid(out Guid id) ? Ids.FromGuid(id) : default;
        Span span = new()
        {
            TraceId = ByteString.CopyFrom(Ids.Bytes(trace)),
            SpanId = ByteString.CopyFrom(Ids.Bytes(key).AsSpan(8)),
            ParentSpanId = parent == default ? ByteString.Empty : ByteString.CopyFrom(Ids.Bytes(parent).AsSpan(8)),
        };
        Apply(span, json);
        return Row(new() { Trace = trace, Key = key, Parent = parent, Source = SpanSource.Rest }, span, origin);
    }

    public static SpanRow Row(SpanRow identity, Span span, Chunk origin) => SpanRowMaker.Make(span, null, null, origin, [], identity);

    /// <summary>Sets what the JSON says. A field that is missing or null changes nothing.</summary>
    public static void Apply(Span span, JsonElement json)
    {
        foreach (JsonProperty field in json.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                continue;

            switch (field.Name)
            {
                case "name":
                    span.Name = field.Value.GetString();
                    break;
                case "kind":
                    Set(span, KindAttribute, field.Value);
                    break;
                case "started_at" when Description.Time(field.Value.GetString()) is { } start:
                    span.StartTimeUnixNano = (ulong)start;
                    break;
                case "ended_at" when Description.Time(field.Value.GetString()) is { } end:
                    span.EndTimeUnixNano = (ulong)end;
                    break;
                case "status":
                    span.Status ??= new();
                    span.Status.Code = field.Value.GetString() switch
                    {
                        "ERROR" => Status.Types.StatusCode.Error,
                        "OK" => Status.Types.StatusCode.Ok,
                        _ => Status.Types.StatusCode.Unset
                    };
                    break;
                case "error":
                    span.Status ??= new();
                    span.Status.Message = field.Value.GetString();
                    span.Status.Code = Status.Types.StatusCode.Error;
                    break;
                case "input":
                    SetContent(span, "gen_ai.input.messages", InputAttribute, field.Value);
                    break;
                case "output":
                    SetContent(span, "gen_ai.output.messages", OutputAttribute, field.Value);
                    break;
                case "model":
                    Set(span, "gen_ai.request.model", field.Value);
                    break;
                case "token_usage":
                    SetUsage(span, field.Value);
                    break;
                case "cost":
                    SetCost(span, field.Value);
                    break;
                case "metadata":
                    SetAll(span, MetadataPrefix, field.Value);
                    if (field.Value.TryGetProperty("provider", out JsonElement provider) && provider.ValueKind == JsonValueKind.String)
                        Set(span, "gen_ai.provider.name", provider);
                    break;
                case "model_parameters":
                    SetAll(span, ParameterPrefix, field.Value);
                    break;
                case "completion_start_time":
                    Set(span, "pandaprobe.completion_start_time", field.Value);
                    break;
            }
        }

        if (span.EndTimeUnixNano == 0 && span.Status?.Code == Status.Types.StatusCode.Error)
            span.EndTimeUnixNano = span.StartTimeUnixNano;
    }

    /// <summary>Messages are kept where readers look for them; everything else as it is.</summary>
    private static void SetContent(Span span, string messages, string value, JsonElement content)
    {
        Remove(span, messages);
        Remove(span, value);
        if (content.ValueKind == JsonValueKind.Object && content.TryGetProperty("messages", out JsonElement list)
            && list.ValueKind == JsonValueKind.Array
            && content.EnumerateObject().Count() == 1)
        {
            span.Attributes.Add(new KeyValue { Key = messages, Value = new() { StringValue = list.GetRawText() } });
        }
        else
        {
            span.Attributes.Add(new KeyValue { Key = value, Value = ValueOf(content) });
        }
    }

    private static void SetUsage(Span span, JsonElement usage)
    {
        foreach (JsonProperty count in usage.EnumerateObject())
        {
            if (UsageNames.TryGetValue(count.Name, out string? name))
                Set(span, name, count.Value);
            else if (count.Name != "total_tokens")
                Set(span, UsagePrefix + count.Name, count.Value);
        }
    }

    private static void SetCost(Span span, JsonElement cost)
    {
        double sum = 0;
        foreach (JsonProperty part in cost.EnumerateObject())
        {
            string name = part.Name is "total_cost" ? "total" : part.Name;
            Set(span, CostPrefix + name, part.Value);
            sum += name != "total" && part.Value.ValueKind == JsonValueKind.Number ? part.Value.GetDouble() : 0;
        }

        if (!span.Attributes.Any(static attribute => attribute.Key == CostPrefix + "total") && sum > 0)
            span.Attributes.Add(new KeyValue { Key = CostPrefix + "total", Value = new() { DoubleValue = sum } });
    }

    private static void SetAll(Span span, string prefix, JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            return;

        foreach (JsonProperty field in fields.EnumerateObject())
            Set(span, prefix + field.Name, field.Value);
    }

    private static void Set(Span span, string key, JsonElement value)
    {
        Remove(span, key);
        span.Attributes.Add(new KeyValue { Key = key, Value = ValueOf(value) });
    }

    private static void Remove(Span span, string key)
    {
        for (int i = span.Attributes.Count - 1; i >= 0; i--)
        {
            if (span.Attributes[i].Key == key)
                span.Attributes.RemoveAt(i);
        }
    }

    private static AnyValue ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new() { StringValue = value.GetString() },
        JsonValueKind.True or JsonValueKind.False => new() { BoolValue = value.GetBoolean() },
        JsonValueKind.Number when value.TryGetInt64(out long number) => new() { IntValue = number },
        JsonValueKind.Number => new() { DoubleValue = value.GetDouble() },
        _ => new() { StringValue = value.GetRawText() },
    };
}
