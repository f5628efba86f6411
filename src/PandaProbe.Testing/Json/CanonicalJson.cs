using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>
/// Writes JSON so that equal values have equal texts: properties in order, no white space, one form of numbers and of escapes.
/// </summary>
internal static class CanonicalJson
{
    // For people and for comparisons. What is written to HTML is encoded there.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Readable = Plain with { Indented = true };

    public static string Of(JsonElement value) => Written(Plain, json => Write(json, value));

    /// <summary>Writes JSON for people: indented, with the letters of all languages as they are.</summary>
    public static string Indented(Action<Utf8JsonWriter> write) => Written(Readable, write).ReplaceLineEndings("\n");

    /// <summary>Reads a text as JSON. A text that is not JSON becomes a string of JSON.</summary>
    public static JsonElement Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return Text(text);
        }
    }

    /// <summary>Returns a text as a string of JSON.</summary>
    public static JsonElement Text(string text)
    {
        using var document = JsonDocument.Parse(Written(Plain, json => json.WriteStringValue(text)));
        return document.RootElement.Clone();
    }

    private static string Written(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, options))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(property.Name);
                    Write(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.Number:
                json.WriteRawValue(JsonNumber.Of(value.GetRawText()));
                break;
            case JsonValueKind.Undefined:
                json.WriteNullValue();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
