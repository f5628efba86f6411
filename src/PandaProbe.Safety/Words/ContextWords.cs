namespace PandaProbe.Safety.Words;

/// <summary>Words that say what the value after them is, in the languages of many of the texts.</summary>
internal static class ContextWords
{
    /// <summary>How far before a value its word may stand.</summary>
    private const int Reach = 48;

    public static readonly string[] Card =
        ["card", "credit", "debit", "visa", "mastercard", "amex", "maestro", "pan", "karte", "carte", "tarjeta", "carta", "cartao", "cartão", "kort", "cc_number", "ccnum", "unionpay"];

    public static readonly string[] Phone =
        ["phone", "tel", "telephone", "mobile", "cell", "call me", "call us", "call at", "call him", "call her", "please call", "fax", "sms", "text me", "whatsapp", "reach me", "telefon", "handy", "mobil", "rufen", "téléphone", "portable", "appelez", "teléfono", "telefono", "móvil", "cellulare", "llame", "celular", "telefone", "telefoon", "puhelin", "телефон", "電話", "电话"];

    public static readonly string[] Birth =
        ["birth", "born", "dob", "d.o.b", "birthday", "bday", "geboren", "geburtsdatum", "geburtstag", "né le", "née le", "naissance", "nacido", "nacida", "nacimiento", "nato il", "nata il", "nascita", "nascimento", "nascido", "geboortedatum", "urodzon", "född", "født", "рожд"];

    public static readonly string[] Location = ["lat", "latitude", "lon", "lng", "longitude", "gps", "coord", "location", "geo", "position", "standort"];

    public static readonly string[] Address = ["ip", "host", "addr", "address", "client", "server", "from", "remote", "peer", "ping", "gateway", "dns", "subnet", "x-forwarded-for"];

    public static readonly string[] Version = ["version", "ver", "v", "release", "build", "assembly", "upgrade", "package", "sdk"];

    public static readonly string[] AnyId = ["national id", "national_id", "nationalid", "id number", "id_number", "idnumber", "personal id", "identity number", "identity card", "id card", "ausweis"];

    public static readonly string[] LetteredId =
    [
        "nino", "national insurance", "dni", "nie", "nif", "codice fiscale", "hetu", "henkilötunnus", "pan", "income tax", "curp", "pps", "ppsn", "national id", "id number", "identity", "身份证",
    ];

    /// <summary>Whether one of the words stands before the value, or in the name of what the value belongs to.</summary>
    public static bool Near(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name, string[] words)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, start - Reach)..start];
        foreach (string word in words)
        {
            if (Contains(before, word) || (!name.IsEmpty && Contains(name, word)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the word directly before the value, apart from spaces and <c>: = "</c>, is one of the words.</summary>
    public static bool Directly(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name, string[] words)
    {
        int end = start;
        while (end > 0 && start - end < 4 && text[end - 1] is ' ' or ':' or '=' or '"' or '\'' or '(')
        {
            end--;
        }

        int first = end;
        while (first > 0 && end - first < 24 && (char.IsLetter(text[first - 1]) || text[first - 1] is '_' or '-'))
        {
            first--;
        }

        ReadOnlySpan<char> word = first == end ? name : text[first..end];
        foreach (string candidate in words)
        {
            if (word.EndsWith(candidate, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // A word begins where no letter stands before it, or where camel case begins one: "clientIp", but not "hotel".
    private static bool Contains(ReadOnlySpan<char> text, string word)
    {
        for (int from = 0; from <= text.Length - word.Length;)
        {
            int at = text[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            at += from;
            int end = at + word.Length;
            bool begins = at == 0 || !char.IsLetter(text[at - 1]) || (char.IsUpper(text[at]) && char.IsLower(text[at - 1])) || !char.IsAscii(text[at]);
            bool ends = word.Length > 4 || end == text.Length || !char.IsLetter(text[end]) || (char.IsUpper(text[end]) && char.IsLower(text[end - 1]));
            if (begins && ends)
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }
}
