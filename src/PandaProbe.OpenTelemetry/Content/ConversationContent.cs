using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>A conversation of messages with parts, as the conventions write it. Owns its messages.</summary>
internal sealed class ConversationContent(MessageContent[] messages, bool isOutput) : ContentValue
{
    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (MessageContent message in messages)
            message.WriteTo(writer, isOutput);
        writer.WriteEndArray();
    }

    /// <summary>Redacts and shortens the messages in place. Returns their length before when it was too much.</summary>
    public static long? Apply(ContentPolicy policy, MessageContent[] messages, string field)
    {
        if (policy.Redacts)
        {
            for (int i = 0; i < messages.Length; i++)
                messages[i] = messages[i].Redacted(policy, field);
        }

        long original = LengthOf(messages);
        long total = original;
        for (int limit = policy.MaxLength; total > policy.MaxLength && limit > 0; limit /= 2)
        {
            for (int i = 0; i < messages.Length; i++)
                messages[i] = messages[i].Shortened(limit);
            total = LengthOf(messages);
        }

        return original > policy.MaxLength ? original : null;
    }

    private static long LengthOf(MessageContent[] messages)
    {
        long total = 0;
        foreach (MessageContent message in messages)
            total += message.Length;
        return total;
    }
}
