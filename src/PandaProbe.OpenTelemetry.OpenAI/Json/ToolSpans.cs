using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Records the tool calls of a response as child spans: those the provider ran and those the caller has to run.</summary>
internal static class ToolSpans
{
    public static void Record(JsonElement item)
    {
        if (NameOf(item) is not { } name)
            return;

        using SpanScope span = Probe.StartSpan(name, ProbeSpanKind.Tool);
        if (!span.IsRecording)
            return;

        string type = item.Text("type")!;
        if ((item.Text("call_id") ?? item.Text("id")) is { } id)
            span.Activity.SetTag(GenAI.Tool.Call.Id, id);
        span.Activity.SetTag(
            GenAI.Tool.Type, type is "function_call" or "custom_tool_call" ? "function" : type is "file_search_call"
            ? "datastore" : "extension");
        Set(span, ContentTags.Direction.Input, ArgumentsOf(item));
        Set(span, ContentTags.Direction.Output, FrozenValue.Of(ResultOf(item)));
        string? status = item.Text("status");
        if (status is not null)
            span.SetMetadata("status", status);

        // MCP calls may carry an error and no status.
        if (status is "failed" || item.Get("error") is not null)
            span.SetError(ErrorOf(item) ?? status ?? "failed");
    }

    /// <summary>Returns the tool's name; <see langword="null"/> if the item is not a tool call.</summary>
    public static string? NameOf(JsonElement item)
    {
        string? type = item.Text("type");
        if (type is null || !type.EndsWith("_call", StringComparison.Ordinal))
            return null;

        return item.Text("name") ?? type[..^"_call".Length];
    }

    public static object? ArgumentsOf(JsonElement item)
    {
        if (item.Text("arguments") is { } json)
            return new RawJson(json);
        if (item.Text("input") is { } text)
            return text;
        return (item.Get("action") ?? item.Get("queries") ?? item.Get("code") ?? item.Get("operation")) is { } arguments
            ? arguments.Clone() : null;
    }

    // Image results are left out, because the response holds them already.
    private static JsonElement? ResultOf(JsonElement item) => item.Get("output") ?? item.Get("outputs") ?? item.Get("results");

    private static string? ErrorOf(JsonElement item)
    {
        if (item.Get("error") is not { ValueKind: JsonValueKind.Object } error)
            return item.Text("error");

        return error.Text("message") ?? error.Items("content").Select(part => part.Text("text")).FirstOrDefault(text => text is not null);
    }

    private static void Set(SpanScope span, ContentTags.Direction direction, object? value)
    {
        if (value is JsonElement { ValueKind: JsonValueKind.String } element)
            value = element.GetString();
        if (value is string text)
            ContentTags.SetText(span.Activity!, ProbeSpanKind.Tool, direction, text);
        else if (value is not null)
            ContentTags.SetJson(span.Activity!, ProbeSpanKind.Tool, direction, FrozenValue.ToJson(value));
    }
}
