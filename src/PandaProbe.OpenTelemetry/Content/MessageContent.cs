using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>One message of a conversation, frozen. Most messages are one text and hold nothing but that.</summary>
internal readonly struct MessageContent
{
    private readonly object? _content;

    public MessageContent(string role, string? text, string? name = null, string? finishReason = null)
    {
        Role = role;
        _content = text;
        Name = name;
        FinishReason = finishReason;
    }

    /// <summary>Takes ownership of <paramref name="parts"/>.</summary>
    public MessageContent(string role, Part[] parts, string? name = null, string? finishReason = null)
    {
        Role = role;
        _content = parts;
        Name = name;
        FinishReason = finishReason;
    }

    public string Role { get; }

    public string? Name { get; }

    public string? FinishReason { get; }

    public long Length => _content is Part[] parts ? parts.Sum(static part => part.Length) : ((string?)_content)?.Length ?? 0;

    /// <summary>Adds the lengths of the text, or of each part.</summary>
    public void AddLengths(List<int> lengths)
    {
        if (_content is not Part[] parts)
        {
            lengths.Add(((string?)_content)?.Length ?? 0);
            return;
        }

        foreach (Part part in parts)
            lengths.Add((int)Math.Min(part.Length, int.MaxValue));
    }

    public MessageContent Redacted(ContentPolicy policy, string field)
    {
        if (_content is not Part[] parts)
            return new(Role, policy.Redact((string?)_content ?? "", field), Name, FinishReason);

        for (int i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Redacted(policy, field);
        return this;
    }

    public MessageContent Shortened(int limit)
    {
        if (_content is not Part[] parts)
            return new(Role, JsonText.Cut((string?)_content ?? "", limit), Name, FinishReason);

        for (int i = 0; i < parts.Length; i++)
            parts[i] = parts[i].Shortened(limit);
        return this;
    }

    public void WriteTo(Utf8JsonWriter writer, bool isOutput)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, Role);
        if (Name is not null)
            writer.WriteString("name"u8, Name);
        writer.WriteStartArray("parts"u8);
        if (_content is Part[] parts)
        {
            foreach (Part part in parts)
                part.WriteTo(writer);
        }
        else
        {
            Part.OfText((string?)_content).WriteTo(writer);
        }

        writer.WriteEndArray();
        if (isOutput)
            writer.WriteString("finish_reason"u8, FinishReason ?? "stop");
        writer.WriteEndObject();
    }
}
