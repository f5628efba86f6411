using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>Changes the texts inside a JSON document without changing its shape.</summary>
internal static class JsonText
{
    private const int ShortestCut = 16;

    /// <summary>Applies <paramref name="change"/> to every string value (not to property names). False when <paramref name="json"/> is not JSON.</summary>
    public static bool TryRewriteStrings(string json, Func<string, string?> change, out string rewritten)
    {
        ArrayBufferWriter<byte> buffer = new(json.Length + 16);
        try
        {
            using Utf8JsonWriter writer = new(buffer, ContentSerializer.WriterOptions);
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
            while (reader.Read())
                Copy(ref reader, writer, change);
            writer.Flush();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            rewritten = json;
            return false;
        }

        rewritten = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    /// <summary>Shortens the longest string values until the document fits; a document that is long for other reasons becomes one cut text.</summary>
    public static string Shorten(string json, int maxLength)
    {
        for (int limit = maxLength / 2; limit >= ShortestCut; limit /= 2)
        {
            int longest = limit;
            if (!TryRewriteStrings(json, text => Cut(text, longest), out string shortened))
                break;
            if (shortened.Length <= maxLength)
                return shortened;
        }

        // As a text, what has to be escaped in it takes up more.
        for (int limit = maxLength / 2; ; limit /= 2)
        {
            string text = "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Cut(json, limit)) + "\"";
            if (text.Length <= maxLength || limit < ShortestCut)
                return text;
        }
    }

    /// <summary>At most <paramref name="maxLength"/> characters, never ending inside a surrogate pair.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;

        const string Ellipsis = "…";
        int length = Math.Max(0, maxLength - Ellipsis.Length);
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            length--;
        return string.Concat(text.AsSpan(0, length), Ellipsis);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Func<string, string?> change)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(change(reader.GetString()!));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
