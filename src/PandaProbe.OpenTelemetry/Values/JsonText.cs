using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>Changes the texts inside a JSON document without changing its shape.</summary>
internal static class JsonText
{
    /// <summary>200 levels: as deep as PandaProbe is known to read.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 200 };

    /// <summary><see cref="Utf8JsonWriter"/> throws at texts of more than 166 million characters.</summary>
    public const int LongestText = 64 * 1024 * 1024;

    private const int ShortestCut = 16;

    /// <summary>
    /// Applies <paramref name="change"/> to every string, number and name of a property. A number that it changes becomes a string. False
    /// when
    /// <paramref name="json"/> is not JSON.
    /// </summary>
    public static bool TryRewriteTexts(string json, Func<string, string?> change, Func<string, string?> changeName, out string rewritten)
    {
        ArrayBufferWriter<byte> buffer = new(json.Length + 16);
        bool done = TryRewrite(
            Encoding.UTF8.GetBytes(json), buffer, (text, _) => change(text), changeNumber: change, changeName: changeName);
        rewritten = done ? Encoding.UTF8.GetString(buffer.WrittenSpan) : json;
        return done;
    }

    /// <param name="json">The document.</param>
    /// <param name="output">What the changed document is written to.</param>
    /// <param name="change">What becomes of each string value; its second argument is how many characters the value has in the document,
    /// escapes included.</param>
    /// <param name="longestNumber">Numbers with more digits become strings.</param>
    /// <param name="changeNumber">What becomes of each number; null leaves them.</param>
    /// <param name="changeName">What becomes of the name of each property; null leaves them.</param>
    public static bool TryRewrite(
        ReadOnlySpan<byte> json, IBufferWriter<byte> output, Func<string, int, string?> change, int longestNumber = int.MaxValue,
        Func<string, string?>? changeNumber = null, Func<string, string?>? changeName = null)
    {
        try
        {
            using Utf8JsonWriter writer = new(output, JsonValue.WriterOptions);
            Utf8JsonReader reader = new(json, ReaderOptions);
            Stack<HashSet<string>>? names = changeName is null ? null : [];
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    names?.Push(new(StringComparer.Ordinal));
                else if (reader.TokenType == JsonTokenType.EndObject)
                    names?.Pop();

                if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length > longestNumber)
                    writer.WriteStringValue(reader.ValueSpan);
                else if (reader.TokenType == JsonTokenType.Number && changeNumber is not null)
                    WriteNumber(ref reader, writer, changeNumber);
                else if (reader.TokenType == JsonTokenType.PropertyName && changeName is not null)
                    writer.WritePropertyName(Unique(changeName(reader.GetString()!) ?? "", names!.Peek()));
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

    /// <summary>Cuts the longest texts so that the document fits; a document that is long for other reasons becomes one cut text.</summary>
    public static string Shorten(string json, int maxLength)
    {
        if (json.Length <= maxLength)
            return json;

        // Each text counts with its escapes, and is cut in proportion.
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        if (TryMeasure(utf8, escaped: true, out List<int> texts, out _))
        {
            long structure = json.Length - texts.Sum(length => (long)length);
            ArrayBufferWriter<byte> shorter = new();
            for (long room = maxLength - structure; Limit(texts, room) is >= ShortestCut and var limit; shorter.ResetWrittenCount())
            {
                if (!TryRewrite(utf8, shorter, (text, length) => length <= limit
                    ? text : Cut(text, (int)((long)text.Length * limit / length))))
                {
                    break;
                }

                int length = Encoding.UTF8.GetCharCount(shorter.WrittenSpan);
                if (length <= maxLength)
                    return Encoding.UTF8.GetString(shorter.WrittenSpan);
                room -= length - maxLength;
            }
        }

        return AsText(json, maxLength);
    }

    /// <summary>
    /// Whether the texts and numbers of a document have at most <paramref name="budget"/> characters, a little more for roles, and its
    /// structure and escapes stay in proportion.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> json, int budget) =>
        json.Length <= budget
        || (json.Length <= LargestWith(budget) && TryMeasure(json, escaped: false, out List<int> texts, out long others)
            && others + texts.Sum(length => (long)length) <= budget + (budget / 64) + 64);

    /// <summary>Cuts the longest texts of a document until <see cref="Fits"/>.</summary>
    public static byte[] Shorten(ReadOnlySpan<byte> json, int budget)
    {
        if (TryMeasure(json, escaped: false, out List<int> texts, out long others)
            && Limit(texts, budget - others) is >= ShortestCut and var limit)
        {
            ArrayBufferWriter<byte> shorter = new();
            if (TryRewrite(json, shorter, (text, _) => Cut(text, limit)) && shorter.WrittenCount <= LargestWith(budget))
                return shorter.WrittenSpan.ToArray();
        }

        return Encoding.UTF8.GetBytes(AsText(Encoding.UTF8.GetString(json[..(int)Math.Min(json.Length, 4L * budget)]), budget));
    }

    /// <summary>JSON, whole or not, as one text of at most <paramref name="maxLength"/> characters.</summary>
    public static string AsText(string json, int maxLength)
    {
        int limit = Math.Max(maxLength - 2, ShortestCut);
        string text = Quote(Cut(json, limit));
        return text.Length <= maxLength ? text : Quote(Cut(json, Math.Max(limit - (text.Length - maxLength), ShortestCut)));
    }

    public static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    /// <summary>
    /// At most <paramref name="maxLength"/> characters, never ending inside a surrogate pair or a sensitive value.
    /// </summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;

        const string Ellipsis = "…";
        int length = WholeValues.EndOf(text, Math.Max(0, maxLength - Ellipsis.Length));
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            length--;
        return string.Concat(text.AsSpan(0, length), Ellipsis);
    }

    /// <summary>
    /// The length that each text may have so that all together have at most <paramref name="room"/> characters. Sorts the lengths.
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

    // Control characters and letters beyond the basic plane take six bytes a character.
    private static long LargestWith(int budget) => (8L * budget) + 4096;

    /// <summary>The lengths of the texts, with or without their escapes, and of the numbers and literals together.</summary>
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
                {
                    texts.Add(reader.ValueIsEscaped && !escaped
                        ? reader.GetString()!.Length : Encoding.UTF8.GetCharCount(reader.ValueSpan));
                }
                else if (reader.TokenType >= JsonTokenType.Number)
                {
                    others += reader.ValueSpan.Length;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Two names may become the same, and PandaProbe refuses an object that has a name twice.
    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({i})");
        return unique;
    }

    private static void WriteNumber(ref Utf8JsonReader reader, Utf8JsonWriter writer, Func<string, string?> change)
    {
        string number = Encoding.UTF8.GetString(reader.ValueSpan);
        string? changed = change(number);
        if (changed == number)
            writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
        else
            writer.WriteStringValue(changed);
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
