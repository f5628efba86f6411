using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Numbers;

/// <summary>IBANs: country, length (SWIFT's registry) and ISO 7064 MOD 97-10.</summary>
internal static class BankAccounts
{
    private const string Lengths =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27" +
        "JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23" +
        "TN24TR26UA29VA22VG24XK20YE30";

    /// <summary>Reads an IBAN that begins with a word such as "DE89", in groups or in one. <paramref name="end"/> is where it
    /// ends.</summary>
    public static bool TryRead(ref TextScan scan, int start, out int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        end = start;
        if (!scan.Wants(SensitiveType.BankAccount) || text.Length - start < 15 || !char.IsAsciiLetter(text[start])
            || !char.IsAsciiLetter(text[start + 1])
            || !char.IsAsciiDigit(text[start + 2]) || !char.IsAsciiDigit(text[start + 3]))
        {
            return false;
        }

        int length = LengthOf(text[start], text[start + 1]);
        if (length == 0)
        {
            return false;
        }

        int count = 0, rest = 0, at = start;
        for (; at < text.Length && count < length; at++)
        {
            char c = text[at];
            if (c is ' ' or '-' or '\u00A0' && count >= 4 && count % 4 == 0 && at < text.Length - 1
                && char.IsAsciiLetterOrDigit(text[at + 1]))
            {
                if (!char.IsAsciiLetterOrDigit(text[at - 1]))
                {
                    return false;
                }

                continue;
            }

            int value = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? (c & 0x5F) - 'A' + 10 : -1;
            if (value < 0)
            {
                return false;
            }

            // The country and the check digits count as if they came last.
            if (count >= 4)
            {
                rest = ((value > 9 ? rest * 100 : rest * 10) + value) % 97;
            }

            count++;
        }

        if (count < length || (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            || ((rest * 1_000_000L) + HeadOf(text[start..])) % 97 != 1)
        {
            return false;
        }

        end = at;
        scan.Add(SensitiveType.BankAccount, start, end, SensitiveConfidence.High, "iban");
        return true;
    }

    private static long HeadOf(ReadOnlySpan<char> text) =>
        ((((text[0] & 0x5F) - 'A' + 10L) * 10_000) + (((text[1] & 0x5F) - 'A' + 10) * 100) + ((text[2] - '0') * 10)
            + text[3] - '0') % 1_000_000;

    private static int LengthOf(char first, char second)
    {
        (first, second) = ((char)(first & 0x5F), (char)(second & 0x5F));
        for (int i = 0; i < Lengths.Length; i += 4)
        {
            if (Lengths[i] == first && Lengths[i + 1] == second)
            {
                return ((Lengths[i + 2] - '0') * 10) + Lengths[i + 3] - '0';
            }
        }

        return 0;
    }
}
