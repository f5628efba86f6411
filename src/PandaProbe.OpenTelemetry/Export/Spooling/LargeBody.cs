using System.Text;
using System.Text.Json;
using PandaProbe.Export.Writing;
using PandaProbe.Values;

namespace PandaProbe.Export.Spooling;

/// <summary>Makes less of a body that the backend finds too large, when only what was written of its spans is left.</summary>
internal static class LargeBody
{
    private const int Smallest = 1024;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Keeps the first <paramref name="kept"/> spans in <paramref name="body"/>; the others become a list in <paramref name="rest"/>. False when there are no others.</summary>
    public static bool TryTakeSpans(RequestBody body, int kept, RequestBody rest)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.ToArray(), Deep);
            JsonElement root = document.RootElement;
            JsonElement spans = root.ValueKind == JsonValueKind.Object ? root.GetProperty("spans") : root;
            if (spans.GetArrayLength() <= kept)
                return false;

            using (Utf8JsonWriter json = new(rest, JsonValue.WriterOptions))
                WriteList(json, spans.EnumerateArray().Skip(kept));
            body.Clear();
            using (Utf8JsonWriter json = new(body, JsonValue.WriterOptions))
            {
                if (root.ValueKind == JsonValueKind.Object)
                {
                    json.WriteStartObject();
                    foreach (JsonProperty property in root.EnumerateObject().Where(property => !property.NameEquals("spans"u8)))
                        property.WriteTo(json);
                    json.WritePropertyName("spans"u8);
                }

                WriteList(json, spans.EnumerateArray().Take(kept));
                if (root.ValueKind == JsonValueKind.Object)
                    json.WriteEndObject();
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Shortens the longest texts until a quarter is left. False when there are no such texts.</summary>
    public static bool TryShorten(RequestBody body)
    {
        string json = Encoding.UTF8.GetString(body.ToArray());
        int length = json.Length / 4;
        if (length < Smallest || JsonText.Shorten(json, length) is not ['{' or '[', ..] shorter)
            return false;

        body.Clear();
        body.Write(Encoding.UTF8.GetBytes(shorter));
        return true;
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<JsonElement> items)
    {
        json.WriteStartArray();
        foreach (JsonElement item in items)
            item.WriteTo(json);
        json.WriteEndArray();
    }
}
