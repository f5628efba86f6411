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

    /// <summary>Makes the one message of a model call whose input or output is an object.</summary>
    public static ConversationContent OfJson(string json, bool isOutput, string? finishReason = null) =>
        new([MessageContent.Of(isOutput ? ProbeMessage.Assistant(json) : ProbeMessage.User(json))], isOutput)
        {
            Json = json,
            FinishReason = finishReason,
        };

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

    /// <summary>Gets the object of which this is the one message. PandaProbe gets the object itself.</summary>
    public string? Json { get; private init; }

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

    /// <summary>
    /// Shortens the messages in place, unless a redactor is to get the whole of them before. Returns their original length when it is above
    /// the limit.
    /// </summary>
    public static long? Record(ContentPolicy policy, MessageContent[] messages)
    {
        long? length = TooLong(policy, messages);
        if (length is not null && !policy.Redacts)
            Cut(policy, messages);
        return length;
    }

    /// <summary>Shortens the messages in place.</summary>
    public static void Shorten(ContentPolicy policy, MessageContent[] messages)
    {
        if (TooLong(policy, messages) is not null)
            Cut(policy, messages);
    }

    private static long? TooLong(ContentPolicy policy, MessageContent[] messages) =>
        messages.Sum(static message => message.Length) is var total && total > policy.MaxLength ? total : null;

    private static void Cut(ContentPolicy policy, MessageContent[] messages)
    {
        List<int> lengths = [];
        foreach (MessageContent message in messages)
            message.AddLengths(lengths);
        int limit = JsonText.Limit(lengths, policy.MaxLength);
        for (int i = 0; i < messages.Length; i++)
            messages[i] = messages[i].Shortened(limit);
    }

    public override object Applied(ContentPolicy policy, string field)
    {
        bool isOutput = shape == Shape.OutputParts;
        if (Json is not null)
            return OfJson(policy.ApplyToJson(Json, field), isOutput, FinishReason);

        MessageContent[] applied = Array.ConvertAll(messages, message => message.Redacted(policy, field));
        Shorten(policy, applied);
        return new ConversationContent(applied, shape) { FinishReason = FinishReason };
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
