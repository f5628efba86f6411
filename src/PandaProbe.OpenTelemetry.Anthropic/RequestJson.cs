using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Anthropic;

/// <summary>
/// Reads a request of https://docs.anthropic.com/en/api/messages. PandaProbe's processor redacts and shortens what it sets.
/// </summary>
internal static class RequestJson
{
    private static readonly (string Name, string Tag)[] Numbers =
        [("temperature", GenAI.Request.Temperature), ("top_p", GenAI.Request.TopP), ("top_k", GenAI.Request.TopK)];

    public static void Read(Activity span, JsonElement request)
    {
        foreach ((string name, string tag) in Numbers)
        {
            if (request.Get(name) is { ValueKind: JsonValueKind.Number } number)
                span.SetTag(tag, number.GetDouble());
        }

        span.SetTag(PrefixedNames.ModelParameters["service_tier"], request.Text("service_tier"));
        span.SetTag(PrefixedNames.ModelParameters["tool_choice"], request.Get("tool_choice")?.Text("type"));
        if (!ContentPolicy.Current.Capture)
            return;

        if (request.Items("tools").Any())
            span.SetTag(GenAI.Tool.Definitions, new RawToolDefinitions(request.Get("tools")!.Value.Clone()).ToString());

        // The package writes everything but media.
        if (request.Items("messages").Any(message => HasMedia(message.Get("content"))))
        {
            MessageContent[] messages = [.. request.Items("messages").Select(ReadMessage)];
            span.SetTag(GenAI.Input.Messages, new ConversationContent(messages, isOutput: false).ToString());
        }
    }

    private static bool HasMedia(JsonElement? content) =>
        content is { ValueKind: JsonValueKind.Array } blocks
        && blocks.EnumerateArray().Any(block => block.Text("type") is "image" or "document" || HasMedia(block.Get("content")));

    private static MessageContent ReadMessage(JsonElement message)
    {
        string role = message.Text("role") ?? "user";
        return message.Text("content") is { } text ? new(role, text) : new(role, [.. message.Items("content").Select(ReadBlock)]);
    }

    private static Part ReadBlock(JsonElement block)
    {
        string type = block.Text("type") ?? "unknown";
        return type switch
        {
            "text" => Part.OfText(block.Text("text")),
            "thinking" => Part.OfReasoning(block.Text("thinking")),
            "image" or "document" when block.Get("source") is { } source => ReadMedia(source, type == "image" ? "image/*" : null),
            "tool_use" => Part.ToolCall(block.Text("id"), block.Text("name"), block.Get("input")?.Clone()),
            "tool_result" => Part.ToolResult(block.Text("tool_use_id"), ReadResult(block.Get("content"))),
            "server_tool_use" => Part.ServerToolCall(block.Text("id"), block.Text("name"), block.Get("input")?.Clone()),
            _ when type.EndsWith("_tool_result", StringComparison.Ordinal) =>
                Part.ServerToolResult(block.Text("tool_use_id"), type[..^"_tool_result".Length], block.Get("content")?.Clone()),
            _ => Part.Generic(type, block.Text("id"), null),
        };
    }

    // The conventions have no media inside a result. The type stands in their place.
    private static string? ReadResult(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } blocks => string.Join('\n', blocks.EnumerateArray().Select(
            block => block.Text("text") ?? $"[{block.Get("source")?.Text("media_type") ?? block.Text("type")}]")),
        _ => null,
    };

    private static Part ReadMedia(JsonElement source, string? mimeType)
    {
        mimeType = source.Text("media_type") ?? mimeType;
        if (source.Text("url") is { } address)
            return Part.Uri(address, mimeType);
        if (source.Text("file_id") is { } file)
            return Part.File(file, mimeType);
        if (source.Text("type") is "text")
            return Part.OfText(source.Text("data"));

        // A cut image cannot be shown.
        string data = source.Text("data") ?? "";
        return Part.Blob(mimeType, data.Length <= ContentPolicy.Current.MaxLength ? data : "");
    }
}
