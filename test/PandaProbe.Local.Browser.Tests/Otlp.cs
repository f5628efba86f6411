using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Writes spans as OTLP/JSON, as any instrumentation could.</summary>
internal sealed class Otlp
{
    private readonly JsonArray _spans = [];
    private readonly long _start;

    public Otlp(DateTimeOffset? start = null)
    {
        _start = (start ?? DateTimeOffset.UtcNow.AddSeconds(-5)).ToUnixTimeMilliseconds();
    }

    public string TraceId { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Gets the attributes that every span gets besides its own.</summary>
    public Dictionary<string, object> Shared { get; } = [];

    /// <summary>
    /// Adds a span, and returns its id. Times are milliseconds behind the start of the trace; no end means that it still runs.
    /// </summary>
    public string Add(string name, string? parent = null, double start = 0, double? end = 100, string? error = null, string? id = null,
        params (string Key, object Value)[] attributes)
    {
        id ??= RandomNumberGenerator.GetHexString(16, lowercase: true);
        JsonArray values = [.. Shared.Select(static pair => Attribute(pair.Key, pair.Value)),
            .. attributes.Select(static pair => Attribute(pair.Key, pair.Value))];
        if (end is null)
        {
            values.Add(Attribute("pandaprobe.span.pending", true));
        }

        JsonObject span = new()
        {
            ["traceId"] = TraceId,
            ["spanId"] = id,
            ["name"] = name,
            ["kind"] = 1,
            ["startTimeUnixNano"] = Nanoseconds(start),
            ["endTimeUnixNano"] = end is { } known ? Nanoseconds(known) : "0",
            ["attributes"] = values,
        };
        if (parent is not null)
        {
            span["parentSpanId"] = parent;
        }

        if (error is not null)
        {
            span["status"] = new JsonObject { ["code"] = 2, ["message"] = error };
            span["events"] = new JsonArray(new JsonObject
            {
                ["name"] = "exception",
                ["timeUnixNano"] = Nanoseconds(end ?? start),
                ["attributes"] = new JsonArray(
                    Attribute("exception.type", "System.TimeoutException"),
                    Attribute("exception.message", error),
                    Attribute("exception.stacktrace", $"System.TimeoutException: {error}\n   at Shop.Orders.LookUp(String id)")),
            });
        }

        _spans.Add(span);
        return id;
    }

    /// <summary>What is added from now on belongs to another trace.</summary>
    public void NewTrace() => TraceId = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Adds a call of a model.</summary>
    public string AddCall(
        string? parent, double start, double end, JsonArray input, JsonArray output, int inputTokens = 100, int outputTokens = 20,
        string model = "gpt-5.4", string? error = null) =>
            Add($"chat {model}", parent, start, end, error, null,
                ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", model),
                ("gen_ai.response.model", model),
                ("gen_ai.request.temperature", 0.2), ("gen_ai.usage.input_tokens", inputTokens),
            ("gen_ai.usage.output_tokens", outputTokens),
                ("gen_ai.usage.cache_read.input_tokens", inputTokens / 2), ("gen_ai.input.messages", input.ToJsonString()),
                ("gen_ai.output.messages", output.ToJsonString()));

    public string AddTool(
        string name, string? parent, double start, double end, string arguments, string result, string callId, string? error = null) =>
            Add($"execute_tool {name}", parent, start, end, error, null,
                ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", name), ("gen_ai.tool.call.id", callId),
                ("gen_ai.tool.call.arguments", arguments), ("gen_ai.tool.call.result", result));

    public static JsonObject Message(string role, params JsonObject[] parts) =>
        new() { ["role"] = role, ["parts"] = new JsonArray([.. parts]) };

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["content"] = text };

    public static JsonObject Thought(string text) => new() { ["type"] = "reasoning", ["content"] = text };

    public static JsonObject Call(string id, string name, string arguments) =>
        new() { ["type"] = "tool_call", ["id"] = id, ["name"] = name, ["arguments"] = JsonNode.Parse(arguments) };

    public static JsonObject Result(string id, string result) =>
        new() { ["type"] = "tool_call_response", ["id"] = id, ["response"] = result };

    public string ToJson() => new JsonObject
    {
        ["resourceSpans"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Attribute("service.name", "shop")) },
            ["scopeSpans"] = new JsonArray(
                new JsonObject
                {
                    ["scope"] = new JsonObject { ["name"] = "PandaProbe", ["version"] = "1.0" },
                    ["spans"] = _spans.DeepClone(),
                }),
        }),
    }.ToJsonString();

    private string Nanoseconds(double milliseconds) =>
        ((_start * 1_000_000) + (long)(milliseconds * 1_000_000)).ToString(CultureInfo.InvariantCulture);

    private static JsonObject Attribute(string key, object value) => new()
    {
        ["key"] = key,
        ["value"] = value switch
        {
            bool flag => new JsonObject { ["boolValue"] = flag },
            int number => new JsonObject { ["intValue"] = number.ToString(CultureInfo.InvariantCulture) },
            double number => new JsonObject { ["doubleValue"] = number },
            _ => new JsonObject { ["stringValue"] = (string)value },
        },
    };
}
