using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>A list of texts. Owns the list.</summary>
internal sealed class TextsContent(List<string> texts) : ContentValue
{
    public override long Length => texts.Sum(static text => (long)text.Length);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (string text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
