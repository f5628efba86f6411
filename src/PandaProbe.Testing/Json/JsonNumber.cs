using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Writes a number of JSON in one form: 1, 1.0 and 1e0 are one number.</summary>
internal static class JsonNumber
{
    // A short text may stand for a number of a million digits.
    private const int MostZeros = 30;

    /// <summary>Returns the number with all of its digits. A <see cref="double"/> would make large ids equal that are not.</summary>
    public static string Of(string text)
    {
        string[] parts = text.Split('e', 'E');
        string mantissa = parts[0].TrimStart('-');
        int point = mantissa.IndexOf('.');
        int decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        if (digits.Length == 0)
            return "0";
        if (!int.TryParse(parts.Length > 1 ? parts[1] : "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent))
            return text;

        string significant = digits.TrimEnd('0');
        return (text[0] == '-' ? "-" : "") + Written(significant, (long)exponent - decimals + digits.Length - significant.Length);
    }

    private static string Written(string digits, long exponent)
    {
        if (exponent > MostZeros || exponent < -MostZeros - digits.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");
        if (exponent >= 0)
            return digits + new string('0', (int)exponent);

        digits = digits.PadLeft(1 - (int)exponent, '0');
        return $"{digits[..^-(int)exponent]}.{digits[^-(int)exponent..]}";
    }
}
