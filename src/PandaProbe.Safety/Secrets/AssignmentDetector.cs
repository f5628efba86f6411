using System.Buffers;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Secrets;

/// <summary>Credentials by the name before them: <c>DB_PASSWORD=…</c>, <c>"apiKey": "…"</c>, <c>Authorization: Bearer …</c>,
/// <c>AccountKey=…;</c>.</summary>
internal static class AssignmentDetector
{
    private static readonly SearchValues<char> EndsOfValue = SearchValues.Create(" \t\r\n\"'`;,<>|\\&");
    private static readonly SearchValues<char> EndsOfParameter = SearchValues.Create(" \t\r\n\"'`;,<>|\\&=");
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF-");
    private static readonly SearchValues<char> Brackets = SearchValues.Create("(){}[]<>");

    private static readonly string[] Schemes = ["Bearer ", "Basic ", "Token ", "ApiKey "];

    private static readonly string[] ProvidersIds =
    [
        "call_", "toolu_", "srvtoolu_", "tooluse_", "chatcmpl-", "chatcmpl_", "resp_", "msg_", "req_", "run_", "thread_", "asst_", "fc_",
            "rs_", "ws_", "gen-", "file-", "batch_", "cmpl-",
    ];

    private const int LongestName = 80, LongestWhole = 16_384, ShortestPassword = 4, ShortestSecret = 8, ShortestWeak = 16,
        MostLooksInValue = 2;

    // The beginning of a value says whether it is a credential.
    private const int Judged = 256;

    public static void Look(ref TextScan scan, int sign)
    {
        ReadOnlySpan<char> text = scan.Text;
        char next = scan.CharAt(sign + 1), before = scan.CharAt(sign - 1);

        // "==", "!=", "=>", "::" and "://".
        if (next is '=' or '~' || (text[sign] == ':' && next is ':' or '/')
            || (text[sign] == '=' && before is '=' or '!' or '<' or '+' or '-' or '*' or '|' or '&' or '%'))
        {
            return;
        }

        int nameEnd = sign;
        while (nameEnd > 0 && sign - nameEnd < 4 && text[nameEnd - 1] is ' ' or '"' or '\'' or '\\' or ']' or '`' or ':' or '?' or '\t')
        {
            nameEnd--;
        }

        // The last letters decide most names.
        if (nameEnd < 3 || !char.IsLetter(text[nameEnd - 1]) || !KeyNames.CanEnd(text[nameEnd - 2], text[nameEnd - 1]))
        {
            return;
        }

        // "token=token=…": each value holds all that follow.
        bool inValue = sign < scan.ValueEnd;
        if (!inValue)
        {
            scan.LooksInValue = 0;
        }
        else if (++scan.LooksInValue > MostLooksInValue)
        {
            return;
        }

        int nameStart = nameEnd;
        while (nameStart > 0 && nameEnd - nameStart < LongestName
            && (char.IsLetterOrDigit(text[nameStart - 1]) || text[nameStart - 1] is '_' or '-' or '.'))
        {
            nameStart--;
        }

        KeyKind kind = KeyNames.KindOf(text[nameStart..nameEnd]);
        if (kind == KeyKind.None || !(kind == KeyKind.Password ? scan.Wants(SensitiveType.Password) : scan.Wants(SensitiveType.Secret)))
        {
            return;
        }

        int start = sign + 1;
        start += next == '>' ? 1 : 0;
        while (start < text.Length && start - sign < 8 && text[start] is ' ' or '\t')
        {
            start++;
        }

        bool escaped = scan.CharAt(start) == '\\' && scan.CharAt(start + 1) is '"' or '\'';
        start += escaped ? 1 : 0;
        char quote = scan.CharAt(start);
        quote = quote is '"' or '\'' or '`' ? quote : '\0';
        start += quote == '\0' ? 0 : 1;
        start = AfterScheme(text, start);
        int end = inValue && quote == '\0' && start < scan.ValueEnd ? scan.ValueEnd : EndOf(text, start, quote);
        scan.ValueEnd = quote == '\0' ? Math.Max(scan.ValueEnd, end) : scan.ValueEnd;
        if (end > start && IsCredential(scan.Settings, text[start..end], kind, quote != '\0', text[sign] == '='))
        {
            scan.Add(kind == KeyKind.Password ? SensitiveType.Password : SensitiveType.Secret, start, end, kind == KeyKind.Weak
                ? SensitiveConfidence.Medium : SensitiveConfidence.High, "assignment");
        }
    }

    /// <summary>Looks at a whole value whose name is known, for example that of a JSON property.</summary>
    public static void LookAtWhole(ref TextScan scan)
    {
        KeyKind kind = scan.Name.IsEmpty ? KeyKind.None : KeyNames.KindOf(scan.Name);
        if (kind == KeyKind.None || !(kind == KeyKind.Password ? scan.Wants(SensitiveType.Password) : scan.Wants(SensitiveType.Secret)))
        {
            return;
        }

        int start = AfterScheme(scan.Text, 0);
        ReadOnlySpan<char> value = scan.Text[start..].TrimEnd();
        if (value.Length <= LongestWhole && value.IndexOfAny(' ', '\n', '\t') < 0
            && IsCredential(scan.Settings, value, kind, quoted: true, assigned: false))
        {
            scan.Add(kind == KeyKind.Password ? SensitiveType.Password : SensitiveType.Secret, start, start + value.Length,
                kind == KeyKind.Weak ? SensitiveConfidence.Medium : SensitiveConfidence.High, "named");
        }
    }

    private static int AfterScheme(ReadOnlySpan<char> text, int start)
    {
        foreach (string scheme in start < text.Length && (text[start] | 0x20) is 'a' or 'b' or 't' ? Schemes : [])
        {
            if (text[start..].StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return start + scheme.Length;
            }
        }

        return start;
    }

    private static int EndOf(ReadOnlySpan<char> text, int start, char quote)
    {
        if (quote != '\0')
        {
            int length = text[start..].IndexOfAny(quote, '\n', '\\');
            return length < 0 ? text.Length : start + length;
        }

        // In a query the next parameter follows after "&", in a connection string the password goes on.
        for (int at = start; ;)
        {
            int next = text[at..].IndexOfAny(EndsOfValue);
            if (next < 0)
            {
                return text.Length;
            }

            at += next;
            if (text[at] != '&')
            {
                return at;
            }

            int name = text[(at + 1)..].IndexOfAny(EndsOfParameter);
            if (name > 0 && text[at + 1 + name] == '=')
            {
                return at;
            }

            at++;
        }
    }

    private static bool IsCredential(ScanSettings settings, ReadOnlySpan<char> value, KeyKind kind, bool quoted, bool assigned)
    {
        int least = kind switch
        {
            KeyKind.Password => ShortestPassword,
            KeyKind.Strong => ShortestSecret,
            _ => ShortestWeak,
        };
        value = value.Length > Judged ? value[..Judged] : value;
        if (value.Length < least || Placeholders.IsPlaceholder(value) || (settings.HashesValues && IsHash(value)))
        {
            return false;
        }

        if (kind == KeyKind.Password)
        {
            // Without quotes a word after "password:" is prose, and a name with dots or brackets is code.
            return value.IndexOf(' ') < 0
                && (quoted || (HasTwoClasses(value) && !IsCode(value))
                    || (assigned && value.Length >= 6 && !IsCode(value) && value.IndexOfAnyInRange('A', 'z') >= 0 && HasTwoClasses(value)))
                && (!quoted || HasTwoClasses(value) || value.Length >= 6 && !IsCode(value));
        }

        return !IsCode(value) && Placeholders.LooksRandom(value)
            && (kind == KeyKind.Strong || value.Length >= 20 || Placeholders.LooksGenerated(value))
            && !(kind == KeyKind.Weak && (IsHexadecimal(value) || IsProvidersId(value)));
    }

    // "1:" and 24 characters of Base64: a value that was hashed before.
    private static bool IsHash(ReadOnlySpan<char> value)
    {
        int colon = value.IndexOf(':');
        ReadOnlySpan<char> hash = value[(colon + 1)..];
        return hash.Length == 24 && hash.EndsWith("==", StringComparison.Ordinal) && (colon < 0 || int.TryParse(value[..colon], out _));
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> value) => value.IndexOfAnyExcept(Hexadecimal) < 0;

    /// <summary>Ids that pair a tool call with its result, and ids of responses. Masking them breaks the conversation.</summary>
    public static bool IsProvidersId(ReadOnlySpan<char> value)
    {
        foreach (string prefix in ProvidersIds)
        {
            if (value.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCode(ReadOnlySpan<char> value) =>
        value.IndexOfAny(Brackets) >= 0 && value.IndexOfAny("(){}") >= 0 || value.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            || value[0] == '.' || (value.Contains('.') && value.IndexOfAnyInRange('0', '9') < 0);

    private static bool HasTwoClasses(ReadOnlySpan<char> value)
    {
        bool letters = false, digits = false, others = false;
        foreach (char c in value)
        {
            letters |= char.IsLetter(c);
            digits |= char.IsDigit(c);
            others |= !char.IsLetterOrDigit(c) && c is not ('.' or '_' or '-' or ',' or ';' or '?');
        }

        return (letters ? 1 : 0) + (digits ? 1 : 0) + (others ? 1 : 0) >= 2;
    }
}
