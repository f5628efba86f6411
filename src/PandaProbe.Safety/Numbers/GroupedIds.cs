using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>
/// Numbers of people that consist of digits. Without separators every tenth or hundredth number has the checksum, so those need a word;
/// with the separators of their country they need none.
/// </summary>
internal static class GroupedIds
{
    private static readonly Dictionary<string, WordSet> KnownNames = new(StringComparer.Ordinal);

    /// <summary>Group lengths and separators as they are written, for example <c>3-2-4</c>; more than one form has <c>|</c>
    /// between.</summary>
    private static readonly Rule[] Rules =
    [
        new("us-ssn", "3-2-4", true, "ssn|social|sozial", IsSocialSecurity),
        new("us-ssn", "3 2 4|9", false, "ssn|social|sozial", IsSocialSecurity),
        new("us-itin", "3-2-4", true, "itin|tax", static d => d[0] == 9 && d[3] is 5 or 6 or 7 or 8 or 9),
        new("ca-sin", "3-3-3|3 3 3|9", false, "sin|social insurance|nas", static d => d[0] is not (0 or 8) && Checksums.Luhn(d)),
        new("uk-nhs", "3 3 4|3-3-4|10", false, "nhs|patient", static d =>
            (11 - (Checksums.Weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 == d[9]),
        new("de-tax-id", "2 3 3 3|11", false, "steuer|idnr|tax|tin|idnr.", static d => d[0] != 0 && Checksums.Mod1110(d)
            && RepeatsOne(d[..10])),
        new("fr-nir", "1 2 2 2 3 3 2|13 2|15", false, "nir|insee|sécurité sociale|securite sociale|sécu", static d =>
            d[0] is 1 or 2 or 3 or 4 or 7 or 8 && 97 - (Checksums.Number(d[..13]) % 97) == Checksums.Number(d[13..])),
        new("nl-bsn", "9|4.2.3|3.3.3", false, "bsn|burgerservice|sofi", static d =>
            (Checksums.Weighted(d, [9, 8, 7, 6, 5, 4, 3, 2]) - d[8]) % 11 == 0),
        new("be-nrn", "2.2.2-3.2", true, "rijksregister|registre national|nrn|insz|niss", IsBelgian),
        new("be-nrn", "11", false, "rijksregister|registre national|nrn|insz|niss", IsBelgian),
        new("pl-pesel", "11", false, "pesel", static d => (10 - (Checksums.Weighted(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 == d[10]
            && Checksums.IsDate(Two(d, 2) % 20, Two(d, 4))),
        new("se-personnummer", "6-4", true, "personnummer|persnr|pnr", static d => Checksums.IsDate(Two(d, 2), Two(d, 4) % 60)
            && Checksums.Luhn(d)),
        new("se-personnummer", "8-4", true, "personnummer|persnr|pnr", static d => Checksums.IsDate(Two(d, 4), Two(d, 6) % 60)
            && Checksums.Luhn(d[2..])),
        new("se-personnummer", "10", false, "personnummer|persnr|pnr", static d => Checksums.IsDate(Two(d, 2), Two(d, 4) % 60)
            && Checksums.Luhn(d)),
        new("no-fodselsnummer", "11|6 5", false, "fødselsnummer|fodselsnummer|personnummer|fnr", IsNorwegian),
        new("dk-cpr", "6-4|10", false, "cpr|personnummer", static d => Checksums.IsDate(Two(d, 2), Two(d, 0))),
        new("br-cpf", "3.3.3-2", true, "cpf", IsBrazilianPerson),
        new("br-cpf", "11", false, "cpf", IsBrazilianPerson),
        new("br-cnpj", "2.3.3/4-2", true, "cnpj", IsBrazilianCompany),
        new("br-cnpj", "14", false, "cnpj", IsBrazilianCompany),
        new("in-aadhaar", "4 4 4|4-4-4", true, "aadhaar|aadhar|uidai|uid", static d => d[0] > 1 && Checksums.Verhoeff(d)),
        new("in-aadhaar", "12", false, "aadhaar|aadhar|uidai|uid", static d => d[0] > 1 && Checksums.Verhoeff(d)),
        new("cn-resident-id", "18", true, "身份证|resident", static d => IsChinese(d, d[17])),
        new("kr-rrn", "6-7", true, "주민등록번호|rrn|resident", static d => Checksums.IsDate(Two(d, 2), Two(d, 4))
            && (11 - (Checksums.Weighted(d, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == d[12]),
        new("jp-my-number", "12|4 4 4", false, "my number|mynumber|マイナンバー|個人番号", IsJapanese),
        new("au-tfn", "9|3 3 3", false, "tfn|tax file", static d => Checksums.Weighted(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0),
        new("au-medicare", "4 5 1|10", false, "medicare", static d => d[0] is >= 2 and <= 6
            && Checksums.Weighted(d, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8]),
        new("tr-kimlik", "11", false, "kimlik|tckn", IsTurkish),
        new("za-id", "13|6 4 3", false, "south african|rsa id", static d => Checksums.IsDate(Two(d, 2), Two(d, 4)) && d[10] < 3
            && Checksums.Luhn(d)),
        new("il-id", "9", false, "teudat|zehut|תעודת", IsIsraeli),
        new("ar-cuit", "2-8-1", true, "cuit|cuil", IsArgentine),
        new("ar-cuit", "11", false, "cuit|cuil", IsArgentine),
        new("cl-rut", "2.3.3-1|1.3.3-1", true, "rut|run", IsChilean),
        new("cl-rut", "8-1|7-1", false, "rut|run", IsChilean),
        new("ch-ahv", "3.4.4.2", true, "ahv|avs", static d => d[0] == 7 && d[1] == 5 && d[2] == 6
            && (10 - (Checksums.Weighted(d, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 == d[12]),
        new("ro-cnp", "13", false, "cnp", static d => Checksums.IsDate(Two(d, 3), Two(d, 5))
            && Checksums.Weighted(d, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 % 10 == d[12]),
        new("bg-egn", "10", false, "egn|егн", static d => Checksums.IsDate(Two(d, 2) % 20, Two(d, 4))
            && Checksums.Weighted(d, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == d[9]),
        new("cz-rodne-cislo", "6/4", true, "rodné|rodne", static d => Checksums.IsDate(Two(d, 2) % 50, Two(d, 4))
            && Checksums.Number(d) % 11 == 0),
        new("hr-oib", "11", false, "oib", static d => Checksums.Mod1110(d)),
        new("pt-nif", "9|3 3 3", false, "nif|contribuinte", static d => d[0] is 1 or 2 or 3
            && (11 - (Checksums.Weighted(d, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 % 10 == d[8]),
    ];

    // Most numbers have a form that no rule has; those are done after one look.
    private static readonly Dictionary<ulong, (Rule[] All, Rule[] Distinctive)> ByForm = Rules
        .SelectMany(rule => rule.Forms.Split('|').Select(form => (Form: KeyOf(form), Rule: rule)))
        .GroupBy(pair => pair.Form, pair => pair.Rule)
        .ToDictionary(group => group.Key, group => (group.ToArray(), group.Where(static rule => rule.Distinctive).ToArray()));

    /// <summary>What the numbers are called, each in its country.</summary>
    public static IEnumerable<WordSet> Names => Rules.Select(static rule => rule.Names).Distinct();

    private delegate bool Check(ReadOnlySpan<byte> digits);

    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups)
    {
        if (!scan.Wants(SensitiveType.NationalId) || groups.Length > 7
            || !ByForm.TryGetValue(KeyOf(groups), out (Rule[] All, Rule[] Distinctive) ofForm))
        {
            return false;
        }

        Rule[] rules = scan.IsAnyNear(groups[0].Start) ? ofForm.All : ofForm.Distinctive;
        if (rules.Length == 0)
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[32];
        int length = 0;
        foreach (NumberGroup group in groups)
        {
            for (int at = group.Start; at < group.End; at++)
            {
                buffer[length++] = (byte)(scan.Text[at] - '0');
            }
        }

        ReadOnlySpan<byte> digits = buffer[..length];
        foreach (Rule rule in rules)
        {
            // The word is known sooner than the checksum.
            bool named = scan.IsNear(groups[0].Start, rule.Names);
            if ((named || rule.Distinctive) && rule.Check(digits) && !Checksums.AllEqual(digits))
            {
                scan.Add(SensitiveType.NationalId, groups[0].Start, groups[^1].End, named ? SensitiveConfidence.High
                    : SensitiveConfidence.Medium, rule.Name);
                return true;
            }
        }

        return false;
    }

    /// <summary>The check character of Chinese resident ids; 10 stands for X.</summary>
    public static bool IsChinese(ReadOnlySpan<byte> digits, int check) =>
        digits[0] is >= 1 and <= 8 && Two(digits, 6) is 18 or 19 or 20 && Checksums.IsDate(Two(digits, 10), Two(digits, 12))
        && (12 - (Checksums.Weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 == check;

    private static ulong KeyOf(string form)
    {
        ulong key = 0;
        int length = 0;
        foreach (char c in form)
        {
            if (char.IsAsciiDigit(c))
            {
                length = (length * 10) + c - '0';
            }
            else
            {
                key = (((key << 5) | (uint)length) << 3) | Separator(c);
                length = 0;
            }
        }

        return (key << 5) | (uint)length;
    }

    private static ulong KeyOf(ReadOnlySpan<NumberGroup> groups)
    {
        ulong key = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            key = ((i == 0 ? key : (key << 3) | Separator(groups[i].Before)) << 5) | (uint)groups[i].Length;
        }

        return key;
    }

    private static ulong Separator(char c) =>
        c switch { ' ' or '\u00A0' => 1, '-' or '\u2011' or '\u2013' => 2, '.' => 3, '/' => 4, _ => 5 };

    private static int Two(ReadOnlySpan<byte> digits, int at) => (digits[at] * 10) + digits[at + 1];

    private static bool IsSocialSecurity(ReadOnlySpan<byte> d)
    {
        int area = (int)Checksums.Number(d[..3]);
        return area is not (0 or 666 or >= 900) && Two(d, 3) != 0 && Checksums.Number(d[5..]) != 0
            && Checksums.Number(d) is not (78051120 or 219099999 or 123456789);
    }

    // One digit stands twice or three times among the first ten, and every other at most once.
    private static bool RepeatsOne(ReadOnlySpan<byte> digits)
    {
        Span<byte> counts = stackalloc byte[10];
        counts.Clear();
        foreach (byte digit in digits)
        {
            counts[digit]++;
        }

        int repeated = 0;
        foreach (byte count in counts)
        {
            repeated += count > 1 ? 1 : 0;
            if (count > 3)
            {
                return false;
            }
        }

        return repeated == 1;
    }

    private static bool IsBelgian(ReadOnlySpan<byte> d)
    {
        long number = Checksums.Number(d[..9]), check = Two(d, 9);
        return Two(d, 2) <= 12 && Two(d, 4) <= 31 && (97 - (number % 97) == check || 97 - ((2_000_000_000 + number) % 97) == check);
    }

    private static bool IsNorwegian(ReadOnlySpan<byte> d) =>
        Checksums.IsDate(Two(d, 2) % 40, Two(d, 0) % 40)
        && (11 - (Checksums.Weighted(d, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11 == d[9]
            && (11 - (Checksums.Weighted(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 == d[10];

    private static bool IsBrazilianPerson(ReadOnlySpan<byte> d) =>
        Checksums.Weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == d[9]
            && Checksums.Weighted(d, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == d[10];

    private static bool IsBrazilianCompany(ReadOnlySpan<byte> d) =>
        Checksums.Weighted(d, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == d[12]
            && Checksums.Weighted(d, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == d[13];

    private static bool IsJapanese(ReadOnlySpan<byte> d)
    {
        int rest = Checksums.Weighted(d, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        return (rest <= 1 ? 0 : 11 - rest) == d[11];
    }

    private static bool IsTurkish(ReadOnlySpan<byte> d)
    {
        int odd = d[0] + d[2] + d[4] + d[6] + d[8], even = d[1] + d[3] + d[5] + d[7];
        return d[0] != 0 && ((odd * 7) - even + 100) % 10 == d[9] && (odd + even + d[9]) % 10 == d[10];
    }

    private static bool IsIsraeli(ReadOnlySpan<byte> d) => Checksums.Luhn(d);

    private static bool IsArgentine(ReadOnlySpan<byte> d) =>
        d[0] is 2 or 3 && (11 - (Checksums.Weighted(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 is int check
            && (check == 10 ? 9 : check) == d[10];

    private static bool IsChilean(ReadOnlySpan<byte> d)
    {
        int sum = 0;
        for (int i = d.Length - 2, weight = 2; i >= 0; i--, weight = weight == 7 ? 2 : weight + 1)
        {
            sum += d[i] * weight;
        }

        return (11 - (sum % 11)) % 11 == d[^1];
    }

    private static WordSet NamesOf(string words)
    {
        if (!KnownNames.TryGetValue(words, out WordSet? names))
        {
            KnownNames[words] = names = new([.. words.Split('|'), .. ContextWords.AnyId]);
        }

        return names;
    }

    private sealed record Rule(string Name, string Forms, bool Distinctive, string Words, Check Check)
    {
        /// <summary>What the number is called in its country, and what any such number is called.</summary>
        public WordSet Names { get; } = NamesOf(Words);
    }
}
