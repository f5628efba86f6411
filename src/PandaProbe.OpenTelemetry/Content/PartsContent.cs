using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>Parts without a message around them: system instructions.</summary>
internal sealed class PartsContent(Part[] parts) : ContentValue
{
    public override long Length => parts.Sum(static part => part.Length);

    /// <summary>The texts whose tokens are counted.</summary>
    public string Words => string.Concat(parts.Select(part => part.Words));

    public override object Applied(ContentPolicy policy, string field)
    {
        MessageContent[] whole = [new("system", Array.ConvertAll(parts, part => part.Redacted(policy, field)))];
        ConversationContent.Shorten(policy, whole);
        return new PartsContent(whole[0].Parts);
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (Part part in parts)
            part.WriteTo(writer);
        writer.WriteEndArray();
    }
}
