using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>
/// Writes messages in PandaProbe's format: <c>{"messages":[{"role","content"}]}</c>. Parts become what OpenAI's format has for them:
/// tool calls with their arguments as text, results as messages of role <c>tool</c>, images by reference. Reasoning stands beside the
/// content. Reads messages of the conventions (<c>[{"role","parts"}]</c>), of OpenAI (<c>[{"role","content"}]</c>), and the latter inside
/// <c>{"messages":[…]}</c>.
/// </summary>
internal static class MessageWriter
{
    internal enum Select
    {
        All,
        LastUser,
        LastAssistant,
    }

    /// <summary>Writes messages that are one text each: the selected ones, or all.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<MessageContent> messages, Select select)
    {
        for (int last = messages.Length - 1; select != Select.All && last >= 0; last--)
        {
            if (messages[last].Role == RoleOf(select))
            {
                messages = messages.Slice(last, 1);
                break;
            }
        }

        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        foreach (MessageContent message in messages)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, message.Role);
            if (message.Name is not null)
                json.WriteString("name"u8, message.Name);
            json.WriteString("content"u8, message.PlainText);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>
    /// Writes messages that are JSON: the selected ones, or all. Returns false and writes nothing when they are not messages.
    /// </summary>
    /// <param name="json">The writer.</param>
    /// <param name="root">The JSON that may hold messages.</param>
    /// <param name="select">The messages to write.</param>
    /// <param name="instructions">Instructions from outside the messages. They become the first message.</param>
    /// <param name="instructionParts">The instructions, if they are JSON.</param>
    public static bool TryWrite(Utf8JsonWriter json, JsonElement root, Select select, object? instructions, JsonElement? instructionParts)
    {
        // An object counts as messages only if it holds nothing else.
        if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1
            && root.TryGetProperty("messages"u8, out JsonElement inner))
        {
            root = inner;
        }

        if (root.ValueKind != JsonValueKind.Array
            || !root.EnumerateArray().All(message => Get(message, "role"u8).ValueKind == JsonValueKind.String))
        {
            return false;
        }

        JsonElement selected = select == Select.All
            ? default : root.EnumerateArray().LastOrDefault(message => Get(message, "role"u8).ValueEquals(RoleOf(select)));
        json.WriteStartObject();
        json.WriteStartArray("messages"u8);
        if (instructions is not (null or ""))
            WriteInstructions(json, instructions, instructionParts);
        if (selected.ValueKind == JsonValueKind.Object)
        {
            WriteMessage(json, selected);
        }
        else
        {
            foreach (JsonElement message in root.EnumerateArray())
                WriteMessage(json, message);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return true;
    }

    private static void WriteInstructions(Utf8JsonWriter json, object instructions, JsonElement? parts)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "system"u8);
        json.WritePropertyName("content"u8);
        if (parts is { ValueKind: JsonValueKind.Array } list)
            WriteContent(json, list);
        else
            json.WriteStringValue(JsonText.Cut(JsonValue.TextOf(instructions), JsonText.LongestText));
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, JsonElement message)
    {
        JsonElement parts = Get(message, "parts"u8);
        bool onlyResults = false;
        if (parts.ValueKind == JsonValueKind.Array)
        {
            onlyResults = parts.GetArrayLength() > 0;
            foreach (JsonElement part in parts.EnumerateArray())
            {
                if (IsType(part, "tool_call_response"u8))
                    WriteToolResult(json, part);
                else
                    onlyResults = false;
            }
        }

        if (onlyResults)
            return;

        json.WriteStartObject();
        Copy(json, "role"u8, Get(message, "role"u8));
        Copy(json, "name"u8, Get(message, "name"u8));
        if (Get(message, "content"u8) is { ValueKind: not JsonValueKind.Undefined } content)
        {
            Copy(json, "content"u8, content);
        }
        else
        {
            json.WritePropertyName("content"u8);
            WriteContent(json, parts);
        }

        Copy(json, "tool_calls"u8, Get(message, "tool_calls"u8));
        Copy(json, "tool_call_id"u8, Get(message, "tool_call_id"u8));
        Copy(json, "reasoning"u8, Get(message, "reasoning"u8));
        WriteReasoning(json, parts);
        WriteToolCalls(json, parts);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, JsonElement parts)
    {
        JsonElement[] inside = [.. Items(parts).Where(part => !IsElsewhere(part))];
        if (inside.Length == 0)
        {
            json.WriteStringValue(""u8);
        }
        else if (inside is [var only] && IsText(only))
        {
            Get(only, "content"u8).WriteTo(json);
        }
        else
        {
            json.WriteStartArray();
            foreach (JsonElement part in inside)
                WritePart(json, part);
            json.WriteEndArray();
        }
    }

    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        if (IsType(part, "text"u8) && Get(part, "content"u8) is { ValueKind: not JsonValueKind.Undefined } text)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            Copy(json, "text"u8, text);
            json.WriteEndObject();
        }
        else if (IsType(part, "uri"u8) && Is(Get(part, "modality"u8), "image"u8)
            && Get(part, "uri"u8) is { ValueKind: not JsonValueKind.Undefined } uri)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "image_url"u8);
            json.WriteStartObject("image_url"u8);
            Copy(json, "url"u8, uri);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (IsType(part, "blob"u8))
        {
            // The trace has the type and the size of the bytes instead of the bytes.
            JsonElement modality = Get(part, "modality"u8), bytes = Get(part, "content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "blob"u8);
            if (modality.ValueKind == JsonValueKind.Undefined)
                json.WriteNull("modality"u8);
            Copy(json, "modality"u8, modality);
            Copy(json, "mime_type"u8, Get(part, "mime_type"u8));
            json.WriteNumber("base64_length"u8, bytes.ValueKind == JsonValueKind.String ? FrozenValue.LengthOf(bytes) - "\"\"".Length : 0);
            json.WriteEndObject();
        }
        else
        {
            part.WriteTo(json);
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, JsonElement parts)
    {
        string[] texts = [.. Items(parts).Where(part => IsType(part, "reasoning"u8))
            .Select(part => Get(part, "content"u8)).Where(content => content.ValueKind == JsonValueKind.String)
            .Select(content => content.GetString()!)];
        if (texts.Length > 0)
            json.WriteString("reasoning"u8, string.Join('\n', texts));
    }

    private static void WriteToolCalls(Utf8JsonWriter json, JsonElement parts)
    {
        JsonElement[] calls = [.. Items(parts).Where(part => IsType(part, "tool_call"u8))];
        if (calls.Length == 0)
            return;

        json.WriteStartArray("tool_calls"u8);
        foreach (JsonElement call in calls)
        {
            json.WriteStartObject();
            Copy(json, "id"u8, Get(call, "id"u8));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            if (Get(call, "name"u8) is { ValueKind: not JsonValueKind.Undefined } name)
                Copy(json, "name"u8, name);
            else
                json.WriteString("name"u8, ""u8);
            WriteAsText(json, "arguments"u8, Get(call, "arguments"u8));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteToolResult(Utf8JsonWriter json, JsonElement part)
    {
        JsonElement response = Get(part, "response"u8);
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        Copy(json, "tool_call_id"u8, Get(part, "id"u8));
        WriteAsText(json, "content"u8, response.ValueKind == JsonValueKind.Undefined ? Get(part, "result"u8) : response);
        json.WriteEndObject();
    }

    /// <summary>Writes a JSON string as it is, and any other JSON inside a string.</summary>
    private static void WriteAsText(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            Copy(json, name, value);
        else
            json.WriteString(name, value.ValueKind == JsonValueKind.Undefined ? "" : value.GetRawText());
    }

    private static void Copy(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
            return;

        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static JsonElement Get(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement value) ? value : default;

    private static JsonElement.ArrayEnumerator Items(JsonElement parts) =>
        parts.ValueKind == JsonValueKind.Array ? parts.EnumerateArray() : default;

    private static bool Is(JsonElement value, ReadOnlySpan<byte> text) =>
        value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static bool IsType(JsonElement part, ReadOnlySpan<byte> type) => Is(Get(part, "type"u8), type);

    private static bool IsText(JsonElement part) => IsType(part, "text"u8) && Get(part, "content"u8).ValueKind == JsonValueKind.String;

    /// <summary>Whether a part is written beside the content, not in it.</summary>
    private static bool IsElsewhere(JsonElement part) =>
        IsType(part, "tool_call"u8) || IsType(part, "tool_call_response"u8) || IsType(part, "reasoning"u8);

    public static string RoleOf(Select select) => select == Select.LastUser ? "user" : "assistant";
}
