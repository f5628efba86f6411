using System.Buffers;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Words;

/// <summary>E-mail addresses, and passwords before the <c>@</c> of a URL.</summary>
internal static class EmailDetector
{
    private const int LongestLocal = 64, LongestDomain = 253;

    private static readonly SearchValues<char> Delimiters = SearchValues.Create("/=*%'");

    // What comes after "name@2x." or "x@y." in code and in names of files.
    private static readonly string[] NoTopDomains =
    [
        "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "mjs", "cjs", "ts", "tsx", "jsx", "json", "xml", "yml", "yaml", "html",
            "htm", "txt", "pdf", "dll", "exe", "tgz", "tar", "gz", "whl", "jar", "py", "cs",
        "cpp", "php", "java", "lock", "map", "shape", "weight", "value", "length", "self", "this",
    ];

    // By the lower five bits of the first letter.
    private static readonly string[][] NoTopDomainsByStart =
        [.. Enumerable.Range(0, 32).Select(static start => NoTopDomains.Where(name => (name[0] & 31) == start).ToArray())];

    public static void Look(ref TextScan scan, int at)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (!scan.Wants(SensitiveType.Email) || at == 0 || at + 3 >= text.Length || !IsDomain(text[at + 1]) || text[at + 1] is '-' or '.')
        {
            return;
        }

        int start = at;
        while (start > 0 && at - start <= LongestLocal && IsLocal(text[start - 1]))
        {
            start--;
        }

        // "https://…/users/jane@…": too long for a name, so that it begins after the last part of the path.
        if (at - start > LongestLocal)
        {
            int delimiter = text[start..at].LastIndexOfAny(Delimiters);
            if (delimiter < 0)
            {
                return;
            }

            start += delimiter + 1;
        }

        // "\njane@…" of text that is still escaped, and "%22jane@…".
        if (start > 0 && at - start > 1 && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't')
        {
            start++;
        }

        while (start < at && text[start] is '.' or '-' or '\'' or '*' or '/' or '=')
        {
            start++;
        }

        if (start == at || text[at - 1] == '.')
        {
            return;
        }

        int end = at + 1, dot = -1;
        while (end < text.Length && end - at <= LongestDomain && IsDomain(text[end]))
        {
            if (text[end] == '.')
            {
                if (text[end - 1] is '.' or '-')
                {
                    break;
                }

                dot = end;
            }

            end++;
        }

        while (end > at && text[end - 1] is '.' or '-')
        {
            dot = text[end - 1] == '.' ? text[at..(end - 1)].LastIndexOf('.') is > 0 and int earlier ? at + earlier : -1 : dot;
            end--;
        }

        if (dot < 0 || end - dot < 3 || !IsTopDomain(text[(dot + 1)..end]))
        {
            return;
        }

        // git@github.com:owner/repository, and a call of a method.
        if (end < text.Length && ((text[end] == ':' && text[start..at] is "git") || text[end] == '('))
        {
            return;
        }

        scan.Add(SensitiveType.Email, start, end, SensitiveConfidence.High, "email");
    }

    private static bool IsLocal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '\'' or '=' or '*' or '/' or '%'
        || (c > 127 && char.IsLetterOrDigit(c));

    private static bool IsDomain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' || (c > 127 && char.IsLetterOrDigit(c));

    private static bool IsTopDomain(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
        {
            return name.Length > 5;
        }

        foreach (char c in name)
        {
            if (!char.IsLetter(c))
            {
                return false;
            }
        }

        foreach (string other in NoTopDomainsByStart[name[0] & 31])
        {
            if (name.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return name.Length is >= 2 and <= 24;
    }
}
