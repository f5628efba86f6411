using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>Telephone numbers that a numbering plan allows. National ones need a form that is used for little else, or a word.</summary>
internal static class PhoneNumbers
{
    private static readonly int[] WithTrunkZero =
        [49, 44, 33, 31, 32, 41, 43, 46, 61, 64, 81, 82, 27, 90, 91, 358, 353, 380, 55, 40, 36, 62, 66, 84, 60, 86, 886, 972];
    private static readonly int[] Anywhere =
        [1, 49, 44, 33, 34, 39, 31, 32, 41, 43, 45, 46, 47, 48, 61, 64, 81, 82, 86, 91, 55, 52, 7, 351, 353, 358, 420, 30, 36, 40, 65, 852,
        972, 27, 90, 62, 63, 54, 56, 57];

    private static readonly Lazy<bool[]?[]> StartsWithTrunkZero = new(() => PhonePlans.Instance.Union(WithTrunkZero, withTrunk: true));
    private static readonly Lazy<bool[]?[]> Starts = new(() => PhonePlans.Instance.Union(Anywhere, withTrunk: false));

    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, int total)
    {
        if (!scan.Wants(SensitiveType.Phone) || total > 17 || groups.Length > 7 || total < (groups.Length * 2) - 1
            || Dates.IsDate(scan.Text, groups))
        {
            return false;
        }

        ReadOnlySpan<char> text = scan.Text;
        Span<byte> buffer = stackalloc byte[20];
        int length = 0;
        foreach (NumberGroup group in groups)
        {
            for (int at = group.Start; at < group.End; at++)
            {
                buffer[length++] = (byte)(text[at] - '0');
            }
        }

        ReadOnlySpan<byte> digits = buffer[..length];
        int start = groups[0].Start, end = groups[^1].End;
        bool inBrackets = start > 0 && text[start - 1] == '(';
        start -= inBrackets ? 1 : 0;
        bool plus = start > 0 && text[start - 1] == '+';
        start -= plus ? 1 : 0;
        SensitiveConfidence? confidence = plus ? International(groups, digits) : National(ref scan, groups, digits, inBrackets, start);
        if (confidence is null)
        {
            return false;
        }

        scan.Add(SensitiveType.Phone, start, end, confidence.Value, "phone");
        return confidence >= SensitiveConfidence.Medium;
    }

    private static SensitiveConfidence? International(ReadOnlySpan<NumberGroup> groups, ReadOnlySpan<byte> digits)
    {
        if (PhonePlans.Instance.IsInternational(digits))
        {
            return SensitiveConfidence.High;
        }

        // "+44 (0)20 7946 0958": the trunk prefix in brackets is not dialled.
        if (groups.Length > 2 && groups[1].Length == 1 && digits[groups[0].Length] == 0)
        {
            Span<byte> dialled = stackalloc byte[20];
            digits[..groups[0].Length].CopyTo(dialled);
            digits[(groups[0].Length + 1)..].CopyTo(dialled[groups[0].Length..]);
            return PhonePlans.Instance.IsInternational(dialled[..(digits.Length - 1)]) ? SensitiveConfidence.High : null;
        }

        return null;
    }

    private static SensitiveConfidence? National(
        ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, scoped ReadOnlySpan<byte> digits, bool inBrackets, int start)
    {
        PhonePlans plans = PhonePlans.Instance;
        foreach (NumberGroup group in groups)
        {
            // Fractions and lists of numbers are not written like phone numbers.
            if ((group.Before == '~' && groups.Length > 3) || (group.Before == '.' && group.Length < 2)
                || (group.Before == '.' && groups[0].Length < 2))
            {
                return null;
            }
        }

        if (digits.Length >= 10 && digits[0] == 0 && digits[1] == 0 && groups.Length > 1 && plans.IsInternational(digits[2..]))
        {
            return SensitiveConfidence.Medium;
        }

        bool american = (digits.Length == 10 || (digits.Length == 11 && digits[0] == 1)) && plans.IsNational(1, digits)
            && IsAmerican(groups, inBrackets, digits.Length);
        if (american)
        {
            return SensitiveConfidence.Medium;
        }

        bool grouped = groups.Length is >= 2 and <= 6 && digits[0] == 0 && digits[1] != 0 && digits.Length is >= 9 and <= 12
            && groups[0].Length is >= 2 and <= 6 && groups[1].Before is not '.';
        if (grouped && groups[^1].Length >= 2 && Has(StartsWithTrunkZero.Value, digits))
        {
            return SensitiveConfidence.Medium;
        }

        return digits.Length is >= 7 and <= 13 && Has(Starts.Value, digits)
            && scan.IsNear(start, ContextWords.Phone)
            ? SensitiveConfidence.Medium
            : null;
    }

    private static bool Has(bool[]?[] starts, ReadOnlySpan<byte> digits) => starts[digits.Length] is { } possible
        && possible[(int)Checksums.Number(digits[..4])];

    // (212) 555-0123, 212-555-0123, 212.555.0123, 212 555 0123, 1-212-555-0123.
    private static bool IsAmerican(ReadOnlySpan<NumberGroup> groups, bool inBrackets, int length)
    {
        int first = length == 11 ? 1 : 0;
        return groups.Length == first + 3 && (first == 0 || groups[0].Length == 1) && groups[first].Length == 3
            && groups[first + 1].Length == 3 && groups[first + 2].Length == 4
            && (inBrackets || first == 1 || groups[1].Before == groups[2].Before);
    }
}
