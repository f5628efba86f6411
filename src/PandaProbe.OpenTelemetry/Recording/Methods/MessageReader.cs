using System.Text.Json;
using static PandaProbe.Interception.MessageShape;

namespace PandaProbe.Interception;

/// <summary>Reads the properties of one message.</summary>
internal sealed class MessageReader(string role)
{
    // The literal null would become a part with an empty text, because a string converts to a part.
    private static ProbeMessagePart? NotUnderstood => default;

    private readonly List<ProbeMessagePart> _parts = [];
    private string? _text;
    private string? _name;
    private string? _callId;
    private bool _isWhole = true;

    /// <summary>Gets whether the message was understood completely, so that no information is lost.</summary>
    public bool IsExact => _isWhole && (_callId is null || (_text is not null && _parts.Count == 0 && role == "tool"));

    /// <summary>Makes the message; <see langword="null"/> when a property is not understood.</summary>
    public ProbeMessage? Build()
    {
        if (!_isWhole)
            return null;
        if (_callId is not null && _text is not null && role == "tool")
            return ProbeMessage.Tool(_callId, _text) with { Name = _name };
        if (_parts.Count == 0)
            return new ProbeMessage(role, _text ?? "") with { Name = _name };

        ProbeMessagePart[] parts = string.IsNullOrEmpty(_text) ? [.. _parts] : [_text, .. _parts];
        return new ProbeMessage(role, "") { Parts = parts, Name = _name };
    }

    public void Read(JsonProperty property)
    {
        JsonElement value = property.Value;
        string name = property.Name.ToLowerInvariant();
        if (name == "role" || (
            value.ValueKind == JsonValueKind.Null
            && name is "content" or "contents" or "parts" or "name" or "tool_calls" or "tool_call_id"))
        {
            return;
        }

        switch (name)
        {
            case "content" or "contents" or "parts" when value.ValueKind == JsonValueKind.String:
                _text = value.GetString();
                break;
            case "content" or "contents" or "parts" when value.ValueKind == JsonValueKind.Array:
                ReadParts(value);
                break;
            case "name" when value.ValueKind == JsonValueKind.String:
                _name = value.GetString();
                break;
            case "tool_call_id" when value.ValueKind == JsonValueKind.String:
                _callId = value.GetString();
                break;
            case "tool_calls" when value.ValueKind == JsonValueKind.Array:
                foreach (JsonElement call in value.EnumerateArray())
                    Add(ToolCall(call));
                break;
            default:
                _isWhole = false;
                break;
        }
    }

    // One part of text is the same as the text.
    private void ReadParts(JsonElement parts)
    {
        if (parts.GetArrayLength() == 1 && Part(parts[0]) is { Type: "text", Content: { } text })
        {
            _text = text;
            return;
        }

        foreach (JsonElement part in parts.EnumerateArray())
            Add(Part(part));
    }

    private void Add(ProbeMessagePart? part)
    {
        if (part is { } known)
            _parts.Add(known);
        else
            _isWhole = false;
    }

    private static ProbeMessagePart? Part(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String)
            return part.GetString();

        string? mimeType = StringOf(part, "mime_type");
        return StringOf(part, "type") switch
        {
            "text" or "input_text" or "output_text" when Has(part, 2)
                && (StringOf(part, "text") ?? StringOf(part, "content")) is { } text => text,
            "reasoning" when Has(part, 2) && StringOf(part, "content") is { } thought => ProbeMessagePart.Reasoning(thought),
            "tool_call" when StringOf(part, "name") is { } name =>
                ProbeMessagePart.JsonCall(StringOf(part, "id"), name, ValueOf(part, "arguments")),
            "tool_use" when StringOf(part, "name") is { } name =>
                ProbeMessagePart.JsonCall(StringOf(part, "id"), name, ValueOf(part, "input")),
            "tool_call_response" => ProbeMessagePart.JsonResult(StringOf(part, "id"), ValueOf(part, "response") ?? ValueOf(part, "result")),
            "tool_result" => ProbeMessagePart.JsonResult(StringOf(part, "tool_use_id"), ValueOf(part, "content")),
            "uri" when StringOf(part, "uri") is { } uri => StringOf(part, "modality") is "image"
                ? ProbeMessagePart.Image(uri, mimeType)
                : ProbeMessagePart.Link(uri, mimeType),
            "file" when StringOf(part, "file_id") is { } file => ProbeMessagePart.File(file, mimeType),
            "blob" when TryGet(part, "content", out JsonElement content) && content.TryGetBytesFromBase64(out byte[]? bytes)
            && mimeType is not null =>
                ProbeMessagePart.File(bytes, mimeType),
            "image_url" => (StringOf(part, "image_url")
            ?? (TryGet(part, "image_url", out JsonElement image) ? StringOf(image, "url") : null)) is { } address
                && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
                    ? ProbeMessagePart.Image(address)
                    : NotUnderstood,
            _ => NotUnderstood,
        };
    }

    private static ProbeMessagePart? ToolCall(JsonElement call) =>
        TryGet(call, "function", out JsonElement function) && StringOf(function, "name") is { } name
            ? ProbeMessagePart.JsonCall(StringOf(call, "id"), name, ValueOf(function, "arguments"))
            : NotUnderstood;

    // Further properties would be lost.
    private static bool Has(JsonElement part, int properties) => part.EnumerateObject().Count() == properties;

    // The element is cloned, because the document is disposed before the message is recorded.
    private static object? ValueOf(JsonElement part, string name) =>
        !TryGet(part, name, out JsonElement value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.Clone();
}
