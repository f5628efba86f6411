using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>Fields as one JSON object, for backends that read them so. Owns the list.</summary>
internal sealed class FieldsContent(List<KeyValuePair<string, object?>> fields) : ContentValue
{
    public override long Length => fields.Sum(static pair => pair.Key.Length + FrozenValue.LengthOf(pair.Value));

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach ((string? name, object? value) in fields)
        {
            writer.WritePropertyName(name);
            if (value is string?[] texts)
                Write(writer, texts);
            else
                JsonValue.Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string?[] texts)
    {
        writer.WriteStartArray();
        foreach (string? text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
