using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PandaProbe.Messages;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>An immutable part of a message. The meaning of the three fields depends on the kind: see the factories.</summary>
internal readonly struct Part(PartKind kind, string? text, string? id = null, object? value = null)
{
    public PartKind Kind => kind;

    public string? Text => text;

    public string? Id => id;

    public object? Value => value;

    /// <summary>Copies a caller's part.</summary>
    public static Part Of(in ProbeMessagePart part) => part.Kind switch
    {
        PartKind.Reasoning => OfReasoning(part.Content),
        PartKind.ToolCall => ToolCall(part.Id, part.Name, part.Arguments is string json ? new RawJson(json) : Freeze(part.Arguments)),
        PartKind.ToolResult => ToolResult(part.Id, Freeze(part.Result)),
        PartKind.Blob => Blob(part.MimeType, part.Bytes),
        PartKind.Uri => Uri(part.Uri!, part.MimeType),
        PartKind.File => File(part.FileId!, part.MimeType),
        _ => OfText(part.Content),
    };

    public static Part OfText(string? text) => new(PartKind.Text, text ?? "");

    /// <summary>Makes a text of pieces, which are joined only when the part is written.</summary>
    public static Part OfText(List<string> chunks) => new(PartKind.Text, null, null, chunks);

    public static Part OfReasoning(string? text) => new(PartKind.Reasoning, text ?? "");

    public static Part OfReasoning(List<string> chunks) => new(PartKind.Reasoning, null, null, chunks);

    public static Part ToolCall(string? id, string? name, object? arguments) => new(PartKind.ToolCall, name ?? "", id, arguments);

    public static Part ToolResult(string? id, object? response) => new(PartKind.ToolResult, null, id, response);

    /// <summary>Makes a call of a tool that the provider runs.</summary>
    public static Part ServerToolCall(string? id, string? name, object? arguments) =>
        new(PartKind.ServerToolCall, name ?? "", id, arguments);

    public static Part ServerToolResult(string? id, string? name, object? response) =>
        new(PartKind.ServerToolResult, name ?? "", id, response);

    public static Part Blob(string? mimeType, string base64) => new(PartKind.Blob, Modality(mimeType), mimeType, base64);

    /// <summary>
    /// Makes a blob. Copies the bytes, because the caller may reuse the buffer. Does not copy what is too long to be recorded.
    /// </summary>
    public static Part Blob(string? mimeType, ReadOnlyMemory<byte> bytes) =>
        new(PartKind.Blob, Modality(mimeType), mimeType, bytes.Length <= ContentPolicy.Current.MaxLength ? bytes.ToArray() : bytes);

    public static Part Uri(string uri, string? mimeType) => new(PartKind.Uri, uri, mimeType, Modality(mimeType));

    public static Part File(string id, string? mimeType) => new(PartKind.File, id, mimeType, Modality(mimeType));

    public static Part Generic(string type, string? id, object? content) => new(PartKind.Generic, type, id, content);

    public long Length =>
        (kind is PartKind.Blob ? 0 : text?.Length ?? 0) + (kind is PartKind.Uri or PartKind.File ? 0 : FrozenValue.LengthOf(value));

    /// <summary>Gets the text that a model reads, for counting tokens.</summary>
    public string Words => kind switch
    {
        PartKind.Text or PartKind.Reasoning => WholeText(),
        PartKind.ToolCall or PartKind.ServerToolCall => $"{text}{(value is null ? null : FrozenValue.ToJson(value))}",
        PartKind.ToolResult or PartKind.ServerToolResult => value as string ?? (value is null ? "" : FrozenValue.ToJson(value)),
        _ => "",
    };

    public Part Redacted(ContentPolicy policy, string field) => kind switch
    {
        PartKind.Text or PartKind.Reasoning => new(kind, policy.Redact(WholeText(), field)),
        PartKind.Uri => new(kind, policy.Redact(text ?? "", field), id, value),
        PartKind.Blob => new(kind, text, id, RedactedBase64(policy, field)),
        _ when value is not null && HasValue =>
            new(kind, text, id, value is string plain
                ? policy.Redact(plain, field)
                : new RawJson(policy.ApplyToJson(FrozenValue.ToJson(value), field))),
        _ => this,
    };

    public Part Shortened(int limit)
    {
        if (Length <= limit)
            return this;

        return kind switch
        {
            PartKind.Text or PartKind.Reasoning => new(kind, JsonText.Cut(WholeText(), limit)),
            PartKind.Uri => new(kind, JsonText.Cut(text ?? "", limit), id, value),
            // A cut image cannot be shown.
            PartKind.Blob => new(kind, text, id, ""),
            _ when HasValue =>
                new(kind, text, id, value is string plain
                    ? JsonText.Cut(plain, limit) : new RawJson(JsonText.Shorten(FrozenValue.ToJson(value), limit))),
            _ => this,
        };
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (kind)
        {
            case PartKind.Text or PartKind.Reasoning:
                writer.WriteString("type"u8, kind == PartKind.Text ? "text"u8 : "reasoning"u8);
                writer.WriteString("content"u8, WholeText());
                break;
            case PartKind.ToolCall:
                writer.WriteString("type"u8, "tool_call"u8);
                WriteId(writer);
                writer.WriteString("name"u8, text);
                if (value is not null)
                {
                    writer.WritePropertyName("arguments"u8);
                    JsonValue.Write(writer, value);
                }

                break;
            case PartKind.ToolResult:
                writer.WriteString("type"u8, "tool_call_response"u8);
                WriteId(writer);
                writer.WritePropertyName("response"u8);
                JsonValue.Write(writer, value);
                break;
            case PartKind.ServerToolCall:
                WriteServerTool(writer, "server_tool_call"u8, "arguments"u8);
                break;
            case PartKind.ServerToolResult:
                WriteServerTool(writer, "server_tool_call_response"u8, "response"u8);
                break;
            case PartKind.Blob:
                writer.WriteString("type"u8, "blob"u8);
                WriteMedia(writer, text);
                writer.WritePropertyName("content"u8);
                JsonValue.Write(writer, value);
                break;
            case PartKind.Uri:
                writer.WriteString("type"u8, "uri"u8);
                WriteMedia(writer, value as string);
                writer.WriteString("uri"u8, text);
                break;
            case PartKind.File:
                writer.WriteString("type"u8, "file"u8);
                WriteMedia(writer, value as string);
                writer.WriteString("file_id"u8, text);
                break;
            default:
                writer.WriteString("type"u8, text);
                WriteId(writer);
                if (value is not null)
                {
                    writer.WritePropertyName("content"u8);
                    JsonValue.Write(writer, value);
                }

                break;
        }

        writer.WriteEndObject();
    }

    // Whether the value is data of any shape, as opposed to text, bytes, or a modality.
    private bool HasValue => kind is PartKind.ToolCall or PartKind.ToolResult or PartKind.ServerToolCall or PartKind.ServerToolResult
        or PartKind.Generic;

    private static object? Freeze(object? value)
    {
        try
        {
            return FrozenValue.Of(value);
        }
        catch (Exception exception)
        {
            // A caller's dictionary may change meanwhile, or throw.
            return new RawJson(ContentSerializer.Replace(value!.GetType(), exception));
        }
    }

    private string WholeText() => text ?? (value is List<string> chunks ? string.Concat(chunks) : "");

    // Text as data is redacted as the text that it is.
    private string RedactedBase64(ContentPolicy policy, string field)
    {
        string base64 = Base64();
        byte[] bytes = new byte[base64.Length / 4 * 3];
        return Convert.TryFromBase64String(base64, bytes, out int count) && Utf8.IsValid(bytes.AsSpan(0, count))
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes(policy.Redact(Encoding.UTF8.GetString(bytes, 0, count), field)))
            : policy.Redact(base64, field);
    }

    private string Base64() => value as string ?? (value is ReadOnlyMemory<byte> bytes ? Convert.ToBase64String(bytes.Span) : "");

    private void WriteServerTool(Utf8JsonWriter writer, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        writer.WriteString("type"u8, type);
        WriteId(writer);
        if (kind == PartKind.ServerToolCall)
            writer.WriteString("name"u8, text);
        writer.WriteStartObject(type);
        writer.WriteString("type"u8, text);
        if (value is not null)
        {
            writer.WritePropertyName(content);
            JsonValue.Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private void WriteId(Utf8JsonWriter writer)
    {
        if (id is not null)
            writer.WriteString("id"u8, id);
    }

    private void WriteMedia(Utf8JsonWriter writer, string? modality)
    {
        writer.WriteString("modality"u8, modality ?? "document");
        if (id is not null)
            writer.WriteString("mime_type"u8, id);
    }

    private static string Modality(string? mimeType) => mimeType switch
    {
        null => "document",
        _ when mimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => "image",
        _ when mimeType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => "audio",
        _ when mimeType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => "video",
        _ => "document",
    };
}
