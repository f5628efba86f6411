using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads JSON of instrumentations: objects and arrays as text, encoded twice, cut off at a length limit, or with invalid UTF-16. Whatever
/// the text is, no method throws.
/// </summary>
internal static class LenientJson
{
    // Writers of JSON end at a depth of 1,000, and what is read here is written inside other JSON. Deeper JSON is kept as text.
    private const int MaxDepth = 500;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true };

    /// <summary>Returns the object or array that the text is; <see langword="null"/> for any other text.</summary>
    public static JsonElement? Parse(string? text)
    {
        // A third level of encoding is not known to exist.
        for (int level = 0; level < 2 && text is not null; level++)
        {
            ReadOnlySpan<char> trimmed = text.AsSpan().TrimStart();
            if (trimmed.IsEmpty)
                return null;

            if (trimmed[0] is '{' or '[')
                return TryParse(text) ?? ParseCut(text);
            if (trimmed[0] != '"' || trimmed.Length < 2 || trimmed[1] is not ('{' or '['))
                return null;

            text = TryParse(text) is { ValueKind: JsonValueKind.String } inner ? inner.GetString() : null;
        }

        return null;
    }

    /// <summary>Returns the JSON value that the bytes are; <see langword="null"/> when they are none.</summary>
    public static JsonElement? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonElement.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the property; an undefined element when there is none or the element is no object.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>Returns the first of the properties that is there and not null; otherwise an undefined element.</summary>
    public static JsonElement First(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            JsonElement value = element.Get(name);
            if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
                return value;
        }

        return default;
    }

    /// <summary>Returns the text of the first property that has one; numbers and truth values count as their text.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.Get(name).Scalar() is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    /// <summary>Returns the text of a string, a number or a truth value; <see langword="null"/> for anything else.</summary>
    public static string? Scalar(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    /// <summary>Returns a string as its text, and anything else as its JSON; <see langword="null"/> for nothing.</summary>
    public static string? TextOrJson(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => element.GetString(),
        _ => element.GetRawText(),
    };

    public static bool IsArray(this JsonElement element) => element.ValueKind == JsonValueKind.Array;

    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    public static long? Integer(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
            return element.TryGetInt64(out long number) ? number : element.TryGetDouble(out double real) ? ToInteger(real) : null;

        return element.ValueKind == JsonValueKind.String && long.TryParse(element.GetString(), out long parsed) ? parsed : null;
    }

    public static long? ToInteger(double value) =>
        double.IsInteger(value) && Math.Abs(value) < 9e15 ? (long)value : null;

    /// <summary>Returns how deep the element is nested, or the given limit when it is deeper.</summary>
    public static int DepthOf(JsonElement element, int limit)
    {
        if (limit == 0 || element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return 0;

        int deepest = 0;
        if (element.IsArray())
        {
            foreach (JsonElement item in element.EnumerateArray())
                deepest = Math.Max(deepest, DepthOf(item, limit - 1));
        }
        else
        {
            foreach (JsonProperty property in element.EnumerateObject())
                deepest = Math.Max(deepest, DepthOf(property.Value, limit - 1));
        }

        return Math.Min(limit, deepest + 1);
    }

    /// <summary>Returns the text as a JSON string.</summary>
    public static string Quote(string text) =>
        $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonElement.Parse(WithoutLoneSurrogates(text), Options);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // Invalid UTF-16 in the text itself, rather than escaped.
            return Parse(Encoding.UTF8.GetBytes(WithoutLoneSurrogates(text)));
        }
    }

    /// <summary>Reads what is complete of JSON that was cut off, a text up to where it ends.</summary>
    private static JsonElement? ParseCut(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(WithoutLoneSurrogates(text));
        Utf8JsonReader reader = new(utf8, isFinalBlock: false, new JsonReaderState(ReaderOptions));
        Stack<byte> open = new();
        int end = 0;
        int seen = 0;
        bool namesValue = false;
        try
        {
            while (reader.Read())
            {
                seen = (int)reader.BytesConsumed;
                namesValue = reader.TokenType == JsonTokenType.PropertyName;
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Push((byte)'}');
                        break;
                    case JsonTokenType.StartArray:
                        open.Push((byte)']');
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        break;
                }

                if (!namesValue)
                    end = seen;
                if (open.Count == 0)
                    break;
            }
        }
        catch (JsonException)
        {
            // What came before the error is complete, unless it is the beginning of something that is not JSON at all.
            if (end < 2)
                return null;
        }

        ArrayBufferWriter<byte> repaired = new(utf8.Length + open.Count + 8);
        ReadOnlySpan<byte> tail = utf8.AsSpan(seen).TrimStart(" \t\r\n,"u8);
        bool isValue = namesValue || (open.TryPeek(out byte container) && container == ']');
        if (isValue && !tail.IsEmpty && tail[0] == '"')
        {
            repaired.Write(utf8.AsSpan(0, utf8.Length - tail.Length));
            WriteCutText(repaired, tail);
        }
        else
        {
            repaired.Write(utf8.AsSpan(0, end));
        }

        foreach (byte closer in open)
            repaired.Write([closer]);
        return Parse(repaired.WrittenSpan);
    }

    private static void WriteCutText(ArrayBufferWriter<byte> repaired, ReadOnlySpan<byte> text)
    {
        // The last escape may be cut too: a backslash alone, or \u with fewer than four digits.
        int length = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
                return;
            if (text[i] != '\\')
                continue;

            int size = i + 1 < text.Length && text[i + 1] == 'u' ? 6 : 2;
            if (i + size > text.Length)
            {
                length = i;
                break;
            }

            i += size - 1;
        }

        repaired.Write(text[..length]);
        repaired.Write("…\""u8);
    }

    /// <summary>Replaces escaped halves of surrogate pairs, at which reading a string would throw.</summary>
    private static string WithoutLoneSurrogates(string text)
    {
        int at = IndexOfSurrogate(text, 0);
        if (at < 0)
            return text;

        StringBuilder result = new(text.Length);
        int copied = 0;
        for (; at >= 0; at = IndexOfSurrogate(text, at))
        {
            bool isHigh = char.ToUpperInvariant(text[at + 3]) < 'C';
            bool isPair = isHigh && IndexOfSurrogate(text, at + 6) == at + 6 && char.ToUpperInvariant(text[at + 9]) >= 'C';
            if (isPair || IsEscaped(text, at))
            {
                at += isPair ? 12 : 6;
                continue;
            }

            result.Append(text, copied, at - copied).Append("\\uFFFD");
            at += 6;
            copied = at;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    // The backslash itself is escaped when an odd number of backslashes stands before it.
    private static bool IsEscaped(string text, int at)
    {
        int before = at;
        while (before > 0 && text[before - 1] == '\\')
            before--;
        return (at - before) % 2 == 1;
    }

    private static int IndexOfSurrogate(string text, int from)
    {
        while (from < text.Length)
        {
            int at = text.AsSpan(from).IndexOf("\\u");
            if (at < 0)
                return -1;

            at += from;
            if (at + 6 > text.Length)
                return -1;
            if (text[at + 2] is 'd' or 'D' && char.ToUpperInvariant(text[at + 3]) is '8' or '9' or 'A' or 'B' or 'C' or 'D' or 'E' or 'F')
                return at;

            from = at + 2;
        }

        return -1;
    }
}
