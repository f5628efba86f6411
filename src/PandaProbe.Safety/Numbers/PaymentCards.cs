using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>Payment cards: issuer ranges (ISO/IEC 7812), lengths and Luhn. What one random number in a hundred has too needs grouping or a
/// word.</summary>
internal static class PaymentCards
{
    /// <summary>Finds the cards among the groups. <paramref name="firstUsed"/> and <paramref name="lastUsed"/> are the first group of the
    /// first card and the last of the last.</summary>
    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, out int firstUsed, out int lastUsed)
    {
        (firstUsed, lastUsed) = (-1, -1);
        if (!scan.Wants(SensitiveType.PaymentCard))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[32];
        for (int first = 0; first < groups.Length; first++)
        {
            if (groups[first].Length is < 4 or (> 6 and < 12) || !HasIssuer(scan.Text[groups[first].Start..]))
            {
                continue;
            }

            int last = LastOfCard(groups, first), length = 0;
            for (int i = first; i <= last; i++)
            {
                for (int at = groups[i].Start; at < groups[i].End; at++)
                {
                    digits[length++] = (byte)(scan.Text[at] - '0');
                }
            }

            // From the longest to the shortest that the groups allow: a card of 19 digits begins like one of 16.
            for (; last >= first && length >= 12; length -= groups[last--].Length)
            {
                if (length <= 19 && Judge(ref scan, groups, first, last, digits[..length]) is { } confidence)
                {
                    scan.Add(SensitiveType.PaymentCard, groups[first].Start, groups[last].End, confidence, "card");
                    // What is hardly a card may be something else: every tenth phone number has the checksum.
                    if (confidence >= scan.Settings.Least)
                    {
                        firstUsed = firstUsed < 0 ? first : firstUsed;
                        lastUsed = first = last;
                    }

                    break;
                }
            }
        }

        return lastUsed >= 0;
    }

    private static bool HasIssuer(ReadOnlySpan<char> digits) => digits[0] is >= '3' and <= '6'
        || (digits[0] == '2' && digits[1] is >= '2' and <= '7') || (digits[0] == '8' && digits[1] is '1' or '2');

    private static int LastOfCard(ReadOnlySpan<NumberGroup> groups, int first)
    {
        int last = first, total = groups[first].Length;
        while (last + 1 < groups.Length && groups[last + 1].Before == groups[Math.Min(first + 1, groups.Length - 1)].Before
            && groups[last + 1].Before is ' ' or '-' or '.' or '\u00A0' or '\u2011' && groups[first].Length <= 6
            && groups[last + 1].Length is >= 2 and <= 7 && total + groups[last + 1].Length <= 19)
        {
            total += groups[++last].Length;
        }

        return last;
    }

    private static SensitiveConfidence? Judge(
        ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, int first, int last, scoped ReadOnlySpan<byte> digits)
    {
        int strength = Issuer(digits);
        if (strength == 0 || !Checksums.Luhn(digits) || Checksums.AllEqual(digits))
        {
            return null;
        }

        bool inGroups = last > first && groups[first].Length == 4 && (last == first + 3 || digits.Length is 14 or 15 or > 16);
        if (last > first && !inGroups)
        {
            strength = 1;
        }

        // A fraction, or one of several numbers of the same length in a row, is hardly a card.
        bool fraction = first > 0 && groups[first].Before == '.' && last == first;
        bool named = scan.IsNear(groups[first].Start, ContextWords.Card);
        return named ? SensitiveConfidence.High
            : fraction ? null
            : inGroups && strength > 1 ? SensitiveConfidence.High
            : strength > 1 || inGroups ? SensitiveConfidence.Medium
            : SensitiveConfidence.Low;
    }

    /// <summary>0 for no issuer, 1 for a range or a length that says little, 2 for an issuer with its usual length.</summary>
    private static int Issuer(ReadOnlySpan<byte> digits)
    {
        int length = digits.Length, two = (digits[0] * 10) + digits[1], three = (two * 10) + digits[2], four = (three * 10) + digits[3];
        return two switch
        {
            34 or 37 => length == 15 ? 2 : 0,
            36 or 38 or 39 => length == 14 ? 2 : length is > 14 and <= 19 ? 1 : 0,
            30 when three is <= 305 or 309 => length == 14 ? 2 : length is > 14 and <= 19 ? 1 : 0,
            35 when four is >= 3528 and <= 3589 => length == 16 ? 2 : length is > 16 and <= 19 ? 1 : 0,
            >= 40 and <= 49 => length == 16 ? 2 : length is 13 or 19 ? 1 : 0,
            >= 51 and <= 55 => length == 16 ? 2 : 0,
            >= 22 and <= 27 when four is >= 2221 and <= 2720 => length == 16 ? 2 : 0,
            22 when four is >= 2200 and <= 2204 => length == 16 ? 2 : length is > 16 and <= 19 ? 1 : 0,
            60 when four == 6011 => length == 16 ? 2 : length is > 16 and <= 19 ? 1 : 0,
            64 when three >= 644 => length == 16 ? 2 : length is > 16 and <= 19 ? 1 : 0,
            65 or 62 or 81 or 82 => length == 16 ? 2 : length is > 16 and <= 19 ? 1 : 0,
            50 or (>= 56 and <= 69) => length is >= 12 and <= 19 ? 1 : 0,
            _ => 0,
        };
    }
}
