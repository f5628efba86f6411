using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>A conversation of messages with parts, as the conventions write it. Owns its messages.</summary>
internal sealed class ConversationContent(MessageContent[] messages, bool isOutput) : ContentValue
{
    public override long Length => messages.Sum(static message => message.Length);

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

        List<int> lengths = [];
        foreach (MessageContent message in messages)
            message.AddLengths(lengths);
        long total = lengths.Sum(length => (long)length);
        if (total <= policy.MaxLength)
            return null;

        int limit = JsonText.Limit(lengths, policy.MaxLength);
        for (int i = 0; i < messages.Length; i++)
            messages[i] = messages[i].Shortened(limit);
        return total;
    }
}
