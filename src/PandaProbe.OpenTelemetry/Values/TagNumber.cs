using System.Globalization;

namespace PandaProbe.Values;

/// <summary>Reads numbers from the tags of any library.</summary>
internal static class TagNumber
{
    // 2^53 is more than any call counts, sums fit a long, and every JSON reader keeps the exact number.
    private const long Most = 1L << 53;

    /// <summary>Converts the value of a tag of any library to a finite double.</summary>
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

    /// <summary>
    /// Converts the value of a tag of any library to a whole number that is not negative; <see langword="null"/> when it is not one.
    /// </summary>
    public static long? CountOf(object? value) => TryCount(value, out long count) ? count : null;

    /// <summary>Converts the value of a tag of any library to a whole number that is not negative.</summary>
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
}
