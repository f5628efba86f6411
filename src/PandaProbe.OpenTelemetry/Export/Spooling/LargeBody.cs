using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PandaProbe.Export.Writing;
using PandaProbe.Values;

namespace PandaProbe.Export.Spooling;

/// <summary>Changes a body of which only the JSON is left, not the spans that it was written from.</summary>
internal static class LargeBody
{
    private const int Smallest = 1024;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
        SkipValidation = true
    };

    public static bool CanShorten(RequestBody body) => body.Length / 4 >= Smallest;

    /// <summary>
    /// Keeps the first <paramref name="kept"/> spans in <paramref name="body"/>; the others become a list in <paramref name="rest"/>. False
    /// when there are no others.
    /// </summary>
    public static bool TryTakeSpans(RequestBody body, int kept, RequestBody rest)
    {
        try
        {
            using var document = JsonDocument.Parse(body.ToArray(), Deep);
            JsonElement root = document.RootElement;
            JsonElement spans = root.ValueKind == JsonValueKind.Object ? root.GetProperty("spans") : root;
            if (spans.GetArrayLength() <= kept)
                return false;

            using (Utf8JsonWriter json = new(rest, Relaxed))
                WriteList(json, spans.EnumerateArray().Skip(kept));
            body.Clear();
            using (Utf8JsonWriter json = new(body, Relaxed))
            {
                if (root.ValueKind == JsonValueKind.Object)
                {
                    json.WriteStartObject();
                    foreach (JsonProperty property in root.EnumerateObject().Where(static property => !property.NameEquals("spans"u8)))
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

    /// <summary>Turns a list of spans whose trace the server does not have into a trace, with as much of it as the file knows.</summary>
    public static void AddHead(RequestBody body, SpoolEntry entry)
    {
        byte[] spans = body.ToArray();
        body.Clear();
        using Utf8JsonWriter json = new(body, Relaxed);
        json.WriteStartObject();
        json.WriteString("trace_id"u8, entry.TraceId);
        json.WriteString("name"u8, entry.Name);
        json.WriteString("status"u8, "RUNNING"u8);
        json.WriteString("started_at"u8, DateTime.SpecifyKind(entry.StartedAt, DateTimeKind.Utc));
        json.WritePropertyName("spans"u8);
        json.WriteRawValue(spans, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<JsonElement> items)
    {
        json.WriteStartArray();
        foreach (JsonElement item in items)
            item.WriteTo(json);
        json.WriteEndArray();
    }
}
