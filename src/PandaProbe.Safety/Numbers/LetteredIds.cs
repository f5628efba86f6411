using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>Numbers of people that have letters: one word of capital letters and digits, with a check character in most
/// countries.</summary>
internal static class LetteredIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE", FinnishCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY",
        ItalianMonths = "ABCDEHLMPRST";

    private static ReadOnlySpan<byte> ItalianOdd =>
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    public static void Look(ref TextScan scan, int start, int end)
    {
        if (!scan.Wants(SensitiveType.NationalId) || NameOf(scan.Text, start, ref end, out bool distinctive) is not { } name)
        {
            return;
        }

        bool named = scan.IsNear(start, ContextWords.LetteredId);
        if (named || distinctive)
        {
            scan.Add(SensitiveType.NationalId, start, end, named ? SensitiveConfidence.High : SensitiveConfidence.Medium, name);
        }
    }

    /// <summary>"131052-308T": the sign of the century is no letter for people born before 2000.</summary>
    public static bool LookAtFinnish(ref TextScan scan, int start)
    {
        ReadOnlySpan<char> word = scan.Text.Slice(start, 11);
        if (!scan.Wants(SensitiveType.NationalId) || word[7..10].IndexOfAnyExceptInRange('0', '9') >= 0
            || char.IsAsciiLetterOrDigit(scan.CharAt(start + 11)) || !IsFinnish(word))
        {
            return false;
        }

        scan.Add(SensitiveType.NationalId, start, start + 11, SensitiveConfidence.High, "fi-hetu");
        return true;
    }

    private static string? NameOf(ReadOnlySpan<char> text, int start, ref int end, out bool distinctive)
    {
        ReadOnlySpan<char> word = text[start..end];
        distinctive = true;
        switch (word.Length)
        {
            case 9 when Fits(word, "dddddddda") && word[8] == SpanishLetters[Number(word[..8]) % 23]:
                return "es-dni";
            case 9 when word[0] is 'X' or 'Y' or 'Z' && Fits(word[1..], "ddddddda")
                && word[8] == SpanishLetters[((word[0] - 'X') * 10_000_000 + Number(word[1..8])) % 23]:
                return "es-nie";
            case 9 when Fits(word, "aadddddda") && IsNationalInsurance(word):
                return "uk-nino";
            case 8 or 9 when Fits(word[..8], "ddddddda") && IsIrish(word):
                distinctive = false;
                return "ie-pps";
            case 10 when Fits(word, "aaaaadddda") && "ABCFGHJLPT".Contains(word[3]):
                distinctive = false;
                return "in-pan";
            case 16 when IsItalian(word):
                return "it-codice-fiscale";
            case 18 when Fits(word, "aaaaddddddaaaaaa_d") && word[10] is 'H' or 'M' or 'X' && IsDate(word[4..]) && IsMexican(word):
                return "mx-curp";
            case 18 when word[17] is 'X' or 'x' && Fits(word[..17], "ddddddddddddddddd"):
                Span<byte> digits = stackalloc byte[17];
                for (int i = 0; i < 17; i++)
                {
                    digits[i] = (byte)(word[i] - '0');
                }

                return GroupedIds.IsChinese(digits, 10) ? "cn-resident-id" : null;
            case 11 when Fits(word[..6], "dddddd") && word[6] is >= 'A' and <= 'F' && Fits(word.Slice(7, 3), "ddd") && IsFinnish(word):
                return "fi-hetu";
            default:
                return null;
        }
    }

    // d: a digit, a: a capital letter, _: either.
    private static bool Fits(ReadOnlySpan<char> word, string form)
    {
        if (word.Length != form.Length)
        {
            return false;
        }

        for (int i = 0; i < form.Length; i++)
        {
            bool digit = char.IsAsciiDigit(word[i]), letter = char.IsAsciiLetterUpper(word[i]);
            if (form[i] switch { 'd' => !digit, 'a' => !letter, _ => !digit && !letter })
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        int number = 0;
        foreach (char digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }

    private static bool IsDate(ReadOnlySpan<char> yearMonthDay) =>
        Checksums.IsDate(Number(yearMonthDay.Slice(2, 2)), Number(yearMonthDay.Slice(4, 2)));

    private static bool IsNationalInsurance(ReadOnlySpan<char> word) =>
        !"DFIQUV".Contains(word[0]) && !"DFIOQUV".Contains(word[1]) && word[8] is >= 'A' and <= 'D'
            && word[..2] is not ("BG" or "GB" or "KN" or "NK" or "NT" or "TN" or "ZZ");

    private static bool IsIrish(ReadOnlySpan<char> word)
    {
        int sum = word.Length == 9 ? (char.IsAsciiLetterUpper(word[8]) ? word[8] - '@' : 100) * 9 : 0;
        for (int i = 0; i < 7; i++)
        {
            sum += (word[i] - '0') * (8 - i);
        }

        return sum < 900 && word[7] == (sum % 23 == 0 ? 'W' : '@' + (sum % 23));
    }

    private static bool IsItalian(ReadOnlySpan<char> word)
    {
        if (!Fits(word, "aaaaaa__a__a___a") || !ItalianMonths.Contains(word[8]))
        {
            return false;
        }

        int sum = 0;
        for (int i = 0; i < 15; i++)
        {
            int value = char.IsAsciiDigit(word[i]) ? word[i] - '0' : word[i] - 'A';
            sum += (i & 1) == 0 ? ItalianOdd[value] : value;
        }

        return word[15] == 'A' + (sum % 26);
    }

    private static bool IsMexican(ReadOnlySpan<char> word)
    {
        int sum = 0;
        for (int i = 0; i < 17; i++)
        {
            // The alphabet has Ñ after N.
            int value = char.IsAsciiDigit(word[i]) ? word[i] - '0' : word[i] - 'A' + 10 + (word[i] > 'N' ? 1 : 0);
            sum += value * (18 - i);
        }

        return (10 - (sum % 10)) % 10 == word[17] - '0';
    }

    private static bool IsFinnish(ReadOnlySpan<char> word) =>
        Checksums.IsDate(Number(word.Slice(2, 2)), Number(word[..2]))
            && word[10] == FinnishCharacters[((Number(word[..6]) * 1000) + Number(word.Slice(7, 3))) % 31];
}
