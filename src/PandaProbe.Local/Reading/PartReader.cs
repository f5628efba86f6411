using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>Reads the parts of messages in every shape that instrumentations write.</summary>
internal static class PartReader
{
    /// <summary>Whether an object without a role is a part of a message.</summary>
    public static bool IsPart(JsonElement json) =>
        Unwrap(json) is { ValueKind: JsonValueKind.Object } part
        && (KindOf(part.Text("type", "part_kind")) is not null || part.Get("functionCall").IsObject()
        || part.Get("functionResponse").IsObject()
            || part.Get("inlineData").IsObject() || part.Get("toolUse").IsObject() || part.Get("toolResult").IsObject()
            || part.Get("reasoningContent").IsObject()
            || (part.Get("text").ValueKind == JsonValueKind.String && part.EnumerateObject().Count() == 1));

    /// <summary>Whether the type is that of an item of OpenAI's Responses API which is no message.</summary>
    public static bool IsItem(string type) =>
        type is "function_call" or "function_call_output" or "custom_tool_call" or "custom_tool_call_output";

    /// <summary>Whether the content is a list of parts with results of tools in them.</summary>
    public static bool HoldsResults(JsonElement content) =>
        content.IsArray() && content.EnumerateArray()
            .Any(part => KindOf(Unwrap(part).Text("type")) == ReadPartKind.ToolResult
            || Unwrap(part).First("functionResponse", "toolResult").IsObject());

    /// <summary>Returns a text, or the texts of parts that are all texts; <see langword="null"/> for anything else.</summary>
    public static string? Texts(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString() is { Length: > 0 } text ? text : null;

        List<ReadPart> parts = [];
        if (content.IsArray())
            AddAll(parts, content);
        else if (content.IsObject())
            AddAll(parts, content.First("parts", "content", "text"));
        return parts.Count > 0 && parts.TrueForAll(part => part.Kind == ReadPartKind.Text)
            ? string.Join('\n', parts.Select(part => part.Text)) : null;
    }

    public static void AddAll(List<ReadPart> parts, JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (JsonElement part in content.EnumerateArray().Take(ReadLimits.Items))
                    Add(parts, part);
                break;
            case JsonValueKind.String when PartsIn(content.GetString()) is { } inner:
                AddAll(parts, inner);
                break;
            case JsonValueKind.String:
                AddText(parts, ReadPartKind.Text, content.GetString());
                break;
            case JsonValueKind.Object:
                Add(parts, content);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                AddText(parts, ReadPartKind.Text, content.GetRawText());
                break;
        }
    }

    public static void AddCalls(List<ReadPart> parts, JsonElement calls)
    {
        if (!calls.IsArray())
            return;

        foreach (JsonElement item in calls.EnumerateArray().Take(ReadLimits.Items))
        {
            JsonElement call = item.Get("tool_call") is { ValueKind: JsonValueKind.Object } inner ? inner : item;
            if (call.IsObject())
                parts.Add(ToolCall(call));
        }
    }

    public static void Add(List<ReadPart> parts, JsonElement json)
    {
        JsonElement part = Unwrap(json);
        if (part.ValueKind == JsonValueKind.String)
        {
            AddText(parts, ReadPartKind.Text, part.GetString());
            return;
        }

        if (!part.IsObject())
            return;

        string? type = part.Text("type", "part_kind", "kind");
        switch (KindOf(type))
        {
            case ReadPartKind.Text:
                AddText(parts, ReadPartKind.Text, part.First("content", "text").TextOrJson());
                break;
            case ReadPartKind.Reasoning:
                AddText(parts, ReadPartKind.Reasoning, Reasoning(part));
                break;
            case ReadPartKind.ToolCall:
                parts.Add(ToolCall(part));
                break;
            case ReadPartKind.ToolResult:
                parts.Add(ToolResult(part));
                break;
            case ReadPartKind.Media:
                parts.Add(Media(part, type));
                break;
            default:
                AddUntyped(parts, part, type);
                break;
        }
    }

    private static void AddUntyped(List<ReadPart> parts, JsonElement part, string? type)
    {
        // Parts of Gemini and of Bedrock have no type.
        if (part.First("functionCall", "function_call", "toolUse") is { ValueKind: JsonValueKind.Object } call)
        {
            parts.Add(ToolCall(call));
        }
        else if (part.First("functionResponse", "function_response", "toolResult") is { ValueKind: JsonValueKind.Object } result)
        {
            parts.Add(ToolResult(result));
        }
        else if (part.First("inlineData", "inline_data", "fileData", "file_data") is { ValueKind: JsonValueKind.Object } data)
        {
            parts.Add(Media(data, null));
        }
        else if (part.Get("reasoningContent") is { ValueKind: JsonValueKind.Object } thought)
        {
            AddText(parts, ReadPartKind.Reasoning, thought.Get("reasoningText").Text("text") ?? "(redacted)");
        }
        else if (type is null && part.Get("text").ValueKind == JsonValueKind.String)
        {
            AddText(parts, part.Get("thought").ValueKind == JsonValueKind.True ? ReadPartKind.Reasoning : ReadPartKind.Text,
                part.Text("text"));
        }
        else
        {
            parts.Add(new ReadPart(ReadPartKind.Other, part.GetRawText(), Name: type));
        }
    }

    private static ReadPartKind? KindOf(string? type) => type switch
    {
        "text" or "input_text" or "output_text" or "summary_text" or "refusal" => ReadPartKind.Text,
        "reasoning" or "thinking" or "redacted_thinking" or "reasoning_text" => ReadPartKind.Reasoning,
        "tool_call" or "tool-call" or "tool_use" or "function" or "function_call" or "custom_tool_call"
            or "server_tool_call" or "server_tool_use" => ReadPartKind.ToolCall,
        "tool_call_response" or "tool-result" or "tool_result" or "tool-return" or "function_call_output"
            or "custom_tool_call_output" or "server_tool_call_response"
            or "tool-error" => ReadPartKind.ToolResult,
        "image" or "image_url" or "image-url" or "input_image" or "blob" or "uri" or "file" or "input_file"
            or "input_audio" or "audio" or "video" or "document" or "media"
            or "binary" or "audio-url" or "video-url" or "document-url" => ReadPartKind.Media,
        _ => null,
    };

    private static string? Reasoning(JsonElement part) =>
        part.Text("content", "text", "thinking", "reasoning") ?? Texts(part.First("content", "summary"))
            ?? (part.Get("data").ValueKind == JsonValueKind.String ? "(redacted)" : null);

    private static ReadPart ToolCall(JsonElement call)
    {
        JsonElement function = call.Get("function") is { ValueKind: JsonValueKind.Object } inner ? inner : call;
        JsonElement arguments = function.First("arguments", "args", "input", "parameters", "server_tool_call");
        return new ReadPart(
            ReadPartKind.ToolCall, arguments.TextOrJson(), call.Text("id", "toolCallId", "toolUseId", "call_id", "tool_call_id"),
            function.Text("name", "toolName", "tool_name") ?? "");
    }

    private static ReadPart ToolResult(JsonElement part)
    {
        JsonElement result = part.First("response", "result", "output", "content", "error", "server_tool_call_response");
        // The Vercel AI SDK says of each output what it is.
        if (result.IsObject() && result.Get("value") is { ValueKind: not JsonValueKind.Undefined } value
            && result.Get("type").ValueKind == JsonValueKind.String)
        {
            result = value;
        }

        return new ReadPart(
            ReadPartKind.ToolResult, Texts(result) ?? result.TextOrJson(),
            part.Text("id", "toolCallId", "toolUseId", "tool_use_id", "call_id", "tool_call_id"),
            part.Text("name", "toolName", "tool_name"));
    }

    private static ReadPart Media(JsonElement part, string? type)
    {
        JsonElement source = part.First(
            "source", "image_url", "image", "input_audio", "file", "audio", "video") is { ValueKind: JsonValueKind.Object } inner
            ? inner : part;
        // OpenInference has an object in the object.
        if (source.Get("image") is { ValueKind: JsonValueKind.Object } image)
            source = image;
        string? mimeType = source.Text("mime_type", "mimeType", "media_type", "mediaType")
            ?? part.Text("mime_type", "mimeType", "media_type", "mediaType");
        mimeType ??= (part.Text("modality") ?? type) switch
        {
            { } audio when audio.Contains("audio", StringComparison.Ordinal) => "audio/*",
            { } picture when picture.Contains("image", StringComparison.Ordinal) => "image/*",
            { } film when film.Contains("video", StringComparison.Ordinal) => "video/*",
            _ => null,
        };
        string? fileId = source.Text("file_id", "fileId") ?? part.Text("file_id");
        string? name = source.Text("filename", "name", "file_name") ?? part.Text("filename", "name");
        string? address = source.Text("uri", "url", "fileUri", "file_uri") ?? part.Text("image_url", "image", "url", "file_url");
        string? data = source.Text("data", "file_data", "content", "base64");
        if (address is not null && IsAddress(address))
            return new ReadPart(ReadPartKind.Media, null, fileId, name, mimeType, address);

        return Bytes(address ?? data, fileId, name, mimeType);
    }

    private static ReadPart Bytes(string? data, string? id, string? name, string? mimeType)
    {
        if (data is null)
            return new ReadPart(ReadPartKind.Media, null, id, name, mimeType);
        if (IsAddress(data))
            return new ReadPart(ReadPartKind.Media, null, id, name, mimeType, data);

        int comma = -1;
        if (data.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            comma = data.AsSpan(0, Math.Min(data.Length, 256)).IndexOf(',');
            int end = data.AsSpan(5, Math.Max(0, Math.Min(comma, data.Length) - 5)).IndexOf(';');
            if (end > 0)
                mimeType = data.Substring(5, end);
        }

        long size = (data.Length - comma - 1) * 3L / 4;
        if (data.EndsWith('='))
            size -= data.EndsWith("==", StringComparison.Ordinal) ? 2 : 1;
        string? preview = data.Length > ReadLimits.DataUri || mimeType?.StartsWith("image/", StringComparison.Ordinal) != true ? null
            : comma >= 0 ? data
            : mimeType.EndsWith('*') ? null : $"data:{mimeType};base64,{data}";
        return new ReadPart(ReadPartKind.Media, null, id, name, mimeType, preview, Math.Max(0, size));
    }

    private static bool IsAddress(string text) =>
        text.Length < 8_192 && !text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            && text.AsSpan(0, Math.Min(text.Length, 32)).Contains("://", StringComparison.Ordinal);

    private static void AddText(List<ReadPart> parts, ReadPartKind kind, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            parts.Add(new ReadPart(kind, text));
    }

    /// <summary>
    /// Returns the list of parts that a text is, as OpenLLMetry and Strands Agents write it; <see langword="null"/> for any other text.
    /// </summary>
    public static JsonElement? PartsIn(string? text) =>
        text is ['[', ..] && text.AsSpan(1).TrimStart().StartsWith("{")
            && LenientJson.Parse(text) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsPart)
            ? list
            : null;

    // OpenInference puts each part into a property.
    private static JsonElement Unwrap(JsonElement json) =>
        json.Get("message_content") is { ValueKind: JsonValueKind.Object } inner ? inner : json;
}
