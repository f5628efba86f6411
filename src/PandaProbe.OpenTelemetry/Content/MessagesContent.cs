using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>
/// Messages in one of two shapes: the conventions' <c>[{"role","parts"}]</c> for the spans of models, and PandaProbe's
/// <c>{"messages":[{"role","content"}]}</c> for all others.
/// </summary>
internal sealed class MessagesContent(ProbeMessage[] messages, MessagesContent.Shape shape) : ContentValue
{
    private const string DefaultFinishReason = "stop";

    internal enum Shape
    {
        InputParts,
        OutputParts,
        Messages,
    }

    public override long Length => messages.Sum(static message => (long)(message.Content?.Length ?? 0));

    public ReadOnlySpan<ProbeMessage> Messages => messages;

    /// <summary>Written on every output message: some backends drop all of them when it is missing.</summary>
    public string? FinishReason { get; set; }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        if (shape == Shape.Messages)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messages"u8);
            foreach (ProbeMessage message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role"u8, message.Role ?? "");
                writer.WriteString("content"u8, message.Content ?? "");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        foreach (ProbeMessage message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, message.Role ?? "");
            writer.WriteStartArray("parts"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("content"u8, message.Content ?? "");
            writer.WriteEndObject();
            writer.WriteEndArray();
            if (shape == Shape.OutputParts)
                writer.WriteString("finish_reason"u8, FinishReason ?? DefaultFinishReason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
