namespace PandaProbe.Safety.Words;

/// <summary>Words that say what the value after them is, in the languages of many of the texts.</summary>
internal static class ContextWords
{
    public static readonly WordSet Card =
        new(["card", "credit", "debit", "visa", "mastercard", "amex", "maestro", "pan", "karte", "carte", "tarjeta", "carta", "cartao",
        "cartão", "kort", "cc_number", "ccnum", "unionpay"]);

    public static readonly WordSet Phone =
        new(["phone", "tel", "telephone", "mobile", "cell", "call me", "call us", "call at", "call him", "call her", "please call", "fax",
        "sms", "text me", "whatsapp", "reach me", "telefon", "handy", "mobil", "rufen", "téléphone", "portable", "appelez", "teléfono",
        "telefono", "móvil", "cellulare", "llame", "celular", "telefone", "telefoon", "puhelin", "телефон", "電話", "电话"]);

    public static readonly WordSet Birth =
        new(["birth", "born", "dob", "d.o.b", "birthday", "bday", "geboren", "geburtsdatum", "geburtstag", "né le", "née le", "naissance",
        "nacido", "nacida", "nacimiento", "nato il", "nata il", "nascita", "nascimento", "nascido", "geboortedatum", "urodzon", "född",
        "født", "рожд"]);

    public static readonly WordSet Location =
        new(["lat", "latitude", "lon", "lng", "longitude", "gps", "coord", "location", "geo", "position", "standort"]);

    public static readonly WordSet Address =
        new(["ip", "host", "addr", "address", "client", "server", "from", "remote", "peer", "ping", "gateway", "dns", "subnet",
        "x-forwarded-for"]);

    public static readonly WordSet Version = new(["version", "ver", "v", "release", "build", "assembly", "upgrade", "package", "sdk"]);

    public static readonly string[] AnyId =
        ["national id", "national_id", "nationalid", "id number", "id_number", "idnumber", "personal id", "identity number",
        "identity card", "id card", "ausweis"];

    public static readonly WordSet LetteredId = new([
        "nino", "national insurance", "dni", "nie", "nif", "codice fiscale", "hetu", "henkilötunnus", "pan", "income tax", "curp", "pps",
            "ppsn", "national id", "id number", "identity", "身份证"
    ]);

    public static IEnumerable<WordSet> Sets => [Card, Phone, Birth, Location, Address, Version, LetteredId];

    /// <summary>Whether one of the words stands in the name of a value.</summary>
    public static bool IsIn(ReadOnlySpan<char> name, WordSet words) => (WordIndex.All.SetsIn(name) & words.Bit) != 0;

    /// <summary>Whether the word directly before the value, apart from spaces and <c>: = "</c>, is one of the words.</summary>
    public static bool Directly(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name, WordSet words)
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
        return IsIn(word, words);
    }
}
