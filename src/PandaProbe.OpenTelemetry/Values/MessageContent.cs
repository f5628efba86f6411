using System.Text.Json;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>One immutable message of a conversation. Most messages are one text.</summary>
internal readonly struct MessageContent
{
    // A text, parts, or Details with either. One field, because arrays of messages are copied with each call.
    private readonly object? _content;

    public MessageContent(string? role, string? text, string? name = null, string? finishReason = null)
        : this(role, (object?)text, name, finishReason)
    {
    }

    /// <summary>Makes a message of parts. Takes ownership of <paramref name="parts"/>.</summary>
    public MessageContent(string? role, Part[] parts, string? name = null, string? finishReason = null)
        : this(role, (object)parts, name, finishReason)
    {
    }

    private MessageContent(string? role, object? content, string? name, string? finishReason)
    {
        Role = role ?? "";
        _content = name is null && finishReason is null ? content : new Details(content, name, finishReason);
    }

    public string Role { get; }

    public string? Name => (_content as Details)?.Name;

    public string? FinishReason => (_content as Details)?.FinishReason;

    /// <summary>Gets the text of a message without parts; <see langword="null"/> with parts.</summary>
    public string? PlainText => Content is null or string ? (string?)Content ?? "" : null;

    public long Length => Content is Part[] parts ? parts.Sum(part => part.Length) : PlainText!.Length;

    /// <summary>Gets the parts of a message that is no text; empty for a text.</summary>
    public Part[] Parts => Content as Part[] ?? [];

    private object? Content => _content is Details details ? details.Content : _content;

    /// <summary>Copies a caller's message.</summary>
    public static MessageContent Of(in ProbeMessage message) => message.PartArray is { } parts
        ? new(message.Role, Array.ConvertAll(parts, static part => Part.Of(part)), message.Name)
        : new(message.Role, message.Content, message.Name);

    /// <summary>Gets the text that a model reads, for counting tokens.</summary>
    public string Words => Content is Part[] parts ? string.Concat(parts.Select(part => part.Words)) : Content as string ?? "";

    /// <summary>Adds the lengths of the text, or of each part.</summary>
    public void AddLengths(List<int> lengths)
    {
        if (Content is not Part[] parts)
        {
            lengths.Add((int)Length);
            return;
        }

        foreach (Part part in parts)
            lengths.Add((int)Math.Min(part.Length, int.MaxValue));
    }

    public MessageContent Redacted(ContentPolicy policy, string field)
    {
        if (PlainText is { } text)
            return new(Role, policy.Redact(text, field), Name, FinishReason);

        return new(Role, Array.ConvertAll((Part[])Content!, part => part.Redacted(policy, field)), Name, FinishReason);
    }

    public MessageContent Shortened(int limit)
    {
        if (PlainText is { } text)
            return new(Role, JsonText.Cut(text, limit), Name, FinishReason);

        return new(Role, Array.ConvertAll((Part[])Content!, part => part.Shortened(limit)), Name, FinishReason);
    }

    /// <summary>Writes the message in the form of the conventions: <c>{"role","parts"}</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="finishReason">The finish reason of a message without one of its own; <see langword="null"/> for an input, which has
    /// none.</param>
    public void WriteTo(Utf8JsonWriter writer, string? finishReason = null)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, Role);
        if (Name is not null)
            writer.WriteString("name"u8, Name);
        writer.WriteStartArray("parts"u8);
        if (Content is Part[] parts)
        {
            foreach (Part part in parts)
                part.WriteTo(writer);
        }
        else
        {
            Part.OfText(PlainText).WriteTo(writer);
        }

        writer.WriteEndArray();
        if (finishReason is not null)
            writer.WriteString("finish_reason"u8, FinishReason ?? finishReason);
        writer.WriteEndObject();
    }

    private sealed class Details(object? content, string? name, string? finishReason)
    {
        public object? Content => content;

        public string? Name => name;

        public string? FinishReason => finishReason;
    }
}
