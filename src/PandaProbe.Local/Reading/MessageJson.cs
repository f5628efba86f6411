using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Writes messages in the form of the GenAI conventions: <c>{"role","parts":[{"type",…}]}</c>. Arguments and results that are JSON are
/// written as JSON.
/// </summary>
internal static class MessageJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<ReadMessage> messages)
    {
        json.WriteStartArray();
        foreach (ReadMessage message in messages)
            Write(json, message);
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, ReadMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role);
        if (message.Name is not null)
            json.WriteString("name", message.Name);
        json.WriteStartArray("parts");
        foreach (ReadPart part in message.Parts)
            Write(json, part);
        json.WriteEndArray();
        if (message.FinishReason is not null)
            json.WriteString("finish_reason", message.FinishReason);
        json.WriteEndObject();
    }

    /// <summary>Writes a value that may be JSON.</summary>
    public static void WriteValue(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
            return;

        json.WritePropertyName(name);
        // Deeper values would exceed the depth of readers of this JSON.
        if (LenientJson.Parse(value) is { } parsed && LenientJson.DepthOf(parsed, 32) < 32)
            parsed.WriteTo(json);
        else
            json.WriteStringValue(value);
    }

    private static void Write(Utf8JsonWriter json, ReadPart part)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(part));
        switch (part.Kind)
        {
            case ReadPartKind.Text or ReadPartKind.Reasoning:
                json.WriteString("content", part.Text);
                break;
            case ReadPartKind.ToolCall:
                WriteText(json, "id", part.Id);
                WriteText(json, "name", part.Name);
                WriteValue(json, "arguments", part.Text);
                break;
            case ReadPartKind.ToolResult:
                WriteText(json, "id", part.Id);
                WriteText(json, "name", part.Name);
                WriteValue(json, "response", part.Text);
                break;
            case ReadPartKind.Media:
                WriteText(json, "file_id", part.Id);
                WriteText(json, "name", part.Name);
                WriteText(json, "mime_type", part.MimeType);
                WriteText(json, "uri", part.Uri);
                if (part.Size is { } size)
                    json.WriteNumber("size", size);
                break;
            default:
                WriteText(json, "name", part.Name);
                WriteValue(json, "value", part.Text);
                break;
        }

        json.WriteEndObject();
    }

    private static string TypeOf(ReadPart part) => part.Kind switch
    {
        ReadPartKind.Reasoning => "reasoning",
        ReadPartKind.ToolCall => "tool_call",
        ReadPartKind.ToolResult => "tool_call_response",
        ReadPartKind.Media => "media",
        ReadPartKind.Other => "other",
        _ => "text",
    };

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }
}
