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
    public static bool TryTakeSpans(Utf8Output body, int kept, Utf8Output rest)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.ToArray(), Deep);
            JsonElement root = document.RootElement;
            JsonElement spans = root.ValueKind == JsonValueKind.Object ? root.GetProperty("spans") : root;
            if (spans.GetArrayLength() <= kept)
                return false;

            WriteList(rest, spans.EnumerateArray().Skip(kept));
            body.Clear();
            if (root.ValueKind == JsonValueKind.Object)
            {
                body.Byte((byte)'{');
                foreach (JsonProperty property in root.EnumerateObject().Where(property => !property.NameEquals("spans"u8)))
                {
                    body.String(property.Name);
                    body.Byte((byte)':');
                    body.Raw(property.Value.GetRawText());
                    body.Byte((byte)',');
                }

                body.Raw("\"spans\":"u8);
            }

            WriteList(body, spans.EnumerateArray().Take(kept));
            if (root.ValueKind == JsonValueKind.Object)
                body.Byte((byte)'}');
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Shortens the longest texts until a quarter is left. False when there are no such texts.</summary>
    public static bool TryShorten(Utf8Output body)
    {
        string json = Encoding.UTF8.GetString(body.ToArray());
        int length = json.Length / 4;
        if (length < Smallest || JsonText.Shorten(json, length) is not ['{' or '[', ..] shorter)
            return false;

        body.Clear();
        body.Raw(shorter.AsSpan());
        return true;
    }

    private static void WriteList(Utf8Output output, IEnumerable<JsonElement> items)
    {
        output.Byte((byte)'[');
        bool any = false;
        foreach (JsonElement item in items)
        {
            if (any)
                output.Byte((byte)',');
            any = true;
            output.Raw(item.GetRawText());
        }

        output.Byte((byte)']');
    }
}
