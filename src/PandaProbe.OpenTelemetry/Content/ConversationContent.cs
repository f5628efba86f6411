using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>
/// A conversation in one of two formats: <c>[{"role","parts"}]</c> of the conventions for calls to models, and PandaProbe's
/// <c>{"messages":[{"role","content"}]}</c> for all other steps. Owns its messages.
/// </summary>
internal sealed class ConversationContent(MessageContent[] messages, ConversationContent.Shape shape) : ContentValue
{
    private const string DefaultFinishReason = "stop";

    public ConversationContent(MessageContent[] messages, bool isOutput) : this(messages, isOutput ? Shape.OutputParts : Shape.InputParts)
    {
    }

    internal enum Shape
    {
        InputParts,
        OutputParts,
        Messages,
    }

    public override long Length => messages.Sum(static message => message.Length);

    /// <summary>The messages, if each of them is one text.</summary>
    public MessageContent[]? PlainMessages => Array.TrueForAll(messages, static message => message.PlainText is not null) ? messages : null;

    /// <summary>
    /// The finish reason of output messages that have none of their own. Some backends drop all messages without it.
    /// </summary>
    public string? FinishReason { get; set; }

    /// <summary>The texts whose tokens are counted.</summary>
    public ProbeMessage[] Words => [.. messages.Select(message => new ProbeMessage(message.Role, message.Words))];

    public override void WriteTo(Utf8JsonWriter writer)
    {
        if (shape == Shape.Messages)
        {
            WriteMessages(writer);
            return;
        }

        string? finishReason = shape == Shape.OutputParts ? FinishReason ?? DefaultFinishReason : null;
        writer.WriteStartArray();
        foreach (MessageContent message in messages)
            message.WriteTo(writer, finishReason);
        writer.WriteEndArray();
    }

    /// <summary>Redacts and shortens the messages in place. Returns their original length when it was above the limit.</summary>
    public static long? Apply(ContentPolicy policy, MessageContent[] messages, string field)
    {
        if (policy.Redacts)
        {
            for (int i = 0; i < messages.Length; i++)
                messages[i] = messages[i].Redacted(policy, field);
        }

        long total = 0;
        foreach (MessageContent message in messages)
            total += message.Length;
        if (total <= policy.MaxLength)
            return null;

        List<int> lengths = [];
        foreach (MessageContent message in messages)
            message.AddLengths(lengths);
        int limit = JsonText.Limit(lengths, policy.MaxLength);
        for (int i = 0; i < messages.Length; i++)
            messages[i] = messages[i].Shortened(limit);
        return total;
    }

    private void WriteMessages(Utf8JsonWriter writer)
    {
        if (PlainMessages is { } plain)
        {
            MessageWriter.Write(writer, plain, MessageWriter.Select.All);
            return;
        }

        using var parts = JsonDocument.Parse(
            new ConversationContent(messages, Shape.InputParts).ToUtf8(), new() { MaxDepth = JsonText.ReaderOptions.MaxDepth });
        MessageWriter.TryWrite(writer, parts.RootElement, MessageWriter.Select.All, instructions: null, instructionParts: null);
    }
}
