using System.Collections;
using System.Globalization;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Writes the values of tags as JSON, whatever they are.</summary>
internal static class ValueWriter
{
    // Nobody counts further, sums stay within a long, and every reader of JSON has the number exactly.
    private const long Most = 1L << 53;

    public static void Write(Utf8Output output, object? value)
    {
        switch (value)
        {
            case null:
                output.Raw("null"u8);
                break;
            case string text:
                WriteText(output, text);
                break;
            case bool flag:
                output.Raw(flag ? "true"u8 : "false"u8);
                break;
            case long or int or short or byte or sbyte or ushort or uint:
                output.Number(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteNumber(output, number);
                break;
            case float number:
                WriteNumber(output, number);
                break;
            case decimal number:
                output.Number(number);
                break;
            case ContentValue content:
                WriteText(output, content.ToString());
                break;
            case DateTime or DateTimeOffset:
                output.String(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            case IEnumerable items:
                WriteItems(output, items);
                break;
            default:
                output.String(TextOf(value));
                break;
        }
    }

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

    public static string TextOf(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception)
        {
            // A foreign value's own ToString may throw.
            return value.GetType().ToString();
        }
    }

    // Nested metadata travels in tags as JSON text; here it can be JSON again.
    private static void WriteText(Utf8Output output, string text)
    {
        if (text is ['{', .., '}'] or ['[', .., ']'] && JsonScanner.IsJson(text))
            output.Raw(text.AsSpan());
        else
            output.String(text);
    }

    private static void WriteNumber(Utf8Output output, double number)
    {
        if (double.IsFinite(number))
            output.Number(number);
        else
            output.String(number.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteItems(Utf8Output output, IEnumerable items)
    {
        long start = output.Length;
        try
        {
            output.Byte((byte)'[');
            bool any = false;
            foreach (object? item in items)
            {
                if (any)
                    output.Byte((byte)',');
                any = true;
                if (item is string text)
                    output.String(text);
                else if (item is IEnumerable)
                    output.String(TextOf(item));
                else
                    Write(output, item);
            }

            output.Byte((byte)']');
        }
        catch (Exception)
        {
            // A list that changed, or that cannot be read.
            output.CutTo(start);
            output.String(items.GetType().ToString());
        }
    }
}
