using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>Changes the texts inside a JSON document without changing its shape.</summary>
internal static class JsonText
{
    /// <summary>The depth limit is 200 levels: PandaProbe is known to read that many.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 200 };

    /// <summary><see cref="Utf8JsonWriter"/> throws at texts of more than 166 million characters.</summary>
    public const int LongestText = 64 * 1024 * 1024;

    private const int ShortestCut = 16;

    /// <summary>
    /// Applies <paramref name="change"/> to every string value (not to property names). False when <paramref name="json"/> is not JSON.
    /// </summary>
    public static bool TryRewriteStrings(string json, Func<string, string?> change, out string rewritten)
    {
        ArrayBufferWriter<byte> buffer = new(json.Length + 16);
        bool done = TryRewrite(Encoding.UTF8.GetBytes(json), buffer, (text, _) => change(text));
        rewritten = done ? Encoding.UTF8.GetString(buffer.WrittenSpan) : json;
        return done;
    }

    /// <param name="json">The document.</param>
    /// <param name="output">The buffer for the changed document.</param>
    /// <param name="change">Returns the new value of a string. Its second argument is the length of the value in the document in
    /// characters, including escapes.</param>
    /// <param name="longestNumber">The longest number in characters. A longer one becomes a string.</param>
    public static bool TryRewrite(ReadOnlySpan<byte> json, IBufferWriter<byte> output, Func<string, int, string?> change, int longestNumber = int.MaxValue)
    {
        try
        {
            using Utf8JsonWriter writer = new(output, JsonValue.WriterOptions);
            Utf8JsonReader reader = new(json, ReaderOptions);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length > longestNumber)
                    writer.WriteStringValue(reader.ValueSpan);
                else
                    Copy(ref reader, writer, change);
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Cuts the longest texts until the document has at most <paramref name="maxLength"/> characters. A document that is too long for other
    /// reasons becomes one cut text.
    /// </summary>
    public static string Shorten(string json, int maxLength)
    {
        if (json.Length <= maxLength)
            return json;

        // The length of a text includes its escapes. It is cut in proportion.
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        if (TryMeasure(utf8, escaped: true, out List<int> texts, out _))
        {
            long structure = json.Length - texts.Sum(length => (long)length);
            ArrayBufferWriter<byte> shorter = new();
            for (long room = maxLength - structure; Limit(texts, room) is >= ShortestCut and var limit; shorter.ResetWrittenCount())
            {
                if (!TryRewrite(utf8, shorter, (text, length) => length <= limit ? text : Cut(text, (int)((long)text.Length * limit / length))))
                    break;

                int length = Encoding.UTF8.GetCharCount(shorter.WrittenSpan);
                if (length <= maxLength)
                    return Encoding.UTF8.GetString(shorter.WrittenSpan);
                room -= length - maxLength;
            }
        }

        return AsText(json, maxLength);
    }

    /// <summary>
    /// Returns whether the texts and numbers of a document have at most <paramref name="budget"/> characters, plus an allowance for roles,
    /// and its structure and escapes stay in proportion.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> json, int budget) =>
        json.Length <= budget
        || (json.Length <= LargestWith(budget) && TryMeasure(json, escaped: false, out List<int> texts, out long others)
            && others + texts.Sum(length => (long)length) <= budget + (budget / 64) + 64);

    /// <summary>Cuts the longest texts of a document until <see cref="Fits"/>.</summary>
    public static byte[] Shorten(ReadOnlySpan<byte> json, int budget)
    {
        if (TryMeasure(json, escaped: false, out List<int> texts, out long others) && Limit(texts, budget - others) is >= ShortestCut and var limit)
        {
            ArrayBufferWriter<byte> shorter = new();
            if (TryRewrite(json, shorter, (text, _) => Cut(text, limit)) && shorter.WrittenCount <= LargestWith(budget))
                return shorter.WrittenSpan.ToArray();
        }

        return Encoding.UTF8.GetBytes(AsText(Encoding.UTF8.GetString(json[..(int)Math.Min(json.Length, 4L * budget)]), budget));
    }

    /// <summary>Returns JSON, complete or not, as one JSON string of at most <paramref name="maxLength"/> characters.</summary>
    public static string AsText(string json, int maxLength)
    {
        int limit = Math.Max(maxLength - 2, ShortestCut);
        string text = Quote(Cut(json, limit));
        return text.Length <= maxLength ? text : Quote(Cut(json, Math.Max(limit - (text.Length - maxLength), ShortestCut)));
    }

    public static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    /// <summary>Cuts a text to at most <paramref name="maxLength"/> characters, never inside a surrogate pair.</summary>
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

    /// <summary>
    /// Returns the longest length of a text with which all texts together have at most <paramref name="room"/> characters. Sorts the
    /// lengths.
    /// </summary>
    public static int Limit(List<int> lengths, long room)
    {
        lengths.Sort();
        for (int i = 0; i < lengths.Count; i++)
        {
            long share = room / (lengths.Count - i);
            if (lengths[i] > share)
                return (int)Math.Max(share, 0);
            room -= lengths[i];
        }

        return room < 0 ? 0 : int.MaxValue;
    }

    // An escaped control character takes six bytes.
    private static long LargestWith(int budget) => (8L * budget) + 4096;

    /// <summary>Measures the lengths of the texts, with or without their escapes, and of the numbers and literals together.</summary>
    private static bool TryMeasure(ReadOnlySpan<byte> json, bool escaped, out List<int> texts, out long others)
    {
        texts = [];
        others = 0;
        try
        {
            Utf8JsonReader reader = new(json, ReaderOptions);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                    texts.Add(reader.ValueIsEscaped && !escaped ? reader.GetString()!.Length : Encoding.UTF8.GetCharCount(reader.ValueSpan));
                else if (reader.TokenType >= JsonTokenType.Number)
                    others += reader.ValueSpan.Length;
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Func<string, int, string?> change)
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
                writer.WriteStringValue(change(reader.GetString()!, Encoding.UTF8.GetCharCount(reader.ValueSpan)));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
