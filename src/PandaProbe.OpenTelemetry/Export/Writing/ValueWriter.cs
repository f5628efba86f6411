using System.Collections;
using System.Globalization;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Reads and writes the values of tags, whatever they are.</summary>
internal static class ValueWriter
{
    // No call counts further, sums stay within a long, and every reader of JSON has the number exactly.
    private const long Most = 1L << 53;

    // Utf8JsonWriter throws at texts of more than 166 million characters.
    private const int LongestText = 64 * 1024 * 1024;

    // A sequence may have no end.
    private const int LongestList = 1024 * 1024;

    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                WriteText(json, text);
                break;
            case ContentValue content:
                content.WriteTo(json);
                break;
            case JsonElement element:
                WriteText(json, TextOf(element));
                break;
            case IEnumerable items:
                WriteItems(json, items);
                break;
            default:
                JsonValue.Write(json, value);
                break;
        }
    }

    /// <summary>Writes text that claims to be JSON.</summary>
    public static void WriteJson(Utf8JsonWriter json, string text) => new RawJson(text).WriteTo(json);

    public static void WriteString(Utf8JsonWriter json, string text) => json.WriteStringValue(JsonText.Cut(text, LongestText));

    public static string TextOf(object value) => JsonValue.TextOf(value);

    /// <summary>The number as a finite double, from whatever a foreign library put into the tag.</summary>
    public static bool TryNumber(object? value, out double number)
    {
        number = 0;
        switch (value)
        {
            case double exact:
                number = exact;
                break;
            case float or decimal or long or int or short or byte or sbyte or ushort or uint or ulong:
                number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                break;
            case string text:
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
                    return false;
                break;
            default:
                return false;
        }

        return double.IsFinite(number);
    }

    /// <summary>A count: a whole number that is not negative.</summary>
    public static bool TryCount(object? value, out long count)
    {
        if (value is long exact)
        {
            count = exact;
            return exact is >= 0 and < Most;
        }

        bool good = TryNumber(value, out double number) && number is >= 0 and < Most && number == Math.Floor(number);
        count = good ? (long)number : 0;
        return good;
    }

    // Nested metadata travels in tags as JSON text; here it can be JSON again.
    private static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text is ['{', .., '}'] or ['[', .., ']'])
            WriteJson(json, text);
        else
            WriteString(json, text);
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items)
    {
        object?[] copy;
        try
        {
            copy = [.. items.Cast<object?>().Take(LongestList)];
        }
        catch (Exception)
        {
            // A list that changed, or that cannot be read.
            json.WriteStringValue(items.GetType().ToString());
            return;
        }

        json.WriteStartArray();
        foreach (object? item in copy)
        {
            if (item is string or IEnumerable)
                WriteString(json, TextOf(item));
            else
                Write(json, item);
        }

        json.WriteEndArray();
    }
}
