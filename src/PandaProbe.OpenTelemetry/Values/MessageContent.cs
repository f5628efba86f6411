using System.Text.Json;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>One message of a conversation, frozen. Most messages are one text and hold nothing but that.</summary>
internal readonly struct MessageContent
{
    // A text, parts, or details that hold either. An array of messages has two words for each.
    private readonly object? _content;

    public MessageContent(string? role, string? text, string? name = null, string? finishReason = null)
        : this(role, (object?)text, name, finishReason)
    {
    }

    /// <summary>Takes ownership of <paramref name="parts"/>.</summary>
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

    /// <summary>The text of a message that has no parts.</summary>
    public string? PlainText => Content is null or string ? (string?)Content ?? "" : null;

    public long Length => Content is Part[] parts ? parts.Sum(part => part.Length) : PlainText!.Length;

    private object? Content => _content is Details details ? details.Content : _content;

    /// <summary>What a caller gave, as it is now.</summary>
    public static MessageContent Of(in ProbeMessage message) => message.PartArray is { } parts
        ? new(message.Role, Array.ConvertAll(parts, static part => Part.Of(part)), message.Name)
        : new(message.Role, message.Content, message.Name);

    /// <summary>The words in it, as far as a model reads them as words.</summary>
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

        var parts = (Part[])Content!;
        for (int i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Redacted(policy, field);
        return this;
    }

    public MessageContent Shortened(int limit)
    {
        if (PlainText is { } text)
            return new(Role, JsonText.Cut(text, limit), Name, FinishReason);

        var parts = (Part[])Content!;
        for (int i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Shortened(limit);
        return this;
    }

    /// <summary>Writes the message as the conventions have it: <c>{"role","parts"}</c>.</summary>
    /// <param name="writer">What to write to.</param>
    /// <param name="finishReason">The finish reason of a message that has none of its own; <see langword="null"/> for an input, which has none.</param>
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
