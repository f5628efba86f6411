using System.Buffers;

namespace PandaProbe.Safety.Structure;

/// <summary>
/// Finds values that a tool or a document brought in and a later tool call uses although nobody said them, text by text in the order of
/// time. It keeps hashes and ids of spans only.
/// </summary>
/// <param name="most">How many values are kept, and how many of what users said.</param>
internal sealed class FollowWatch(int most)
{
    private const int MostPrefixes = 16, LeastDigits = 6;

    private static readonly SearchValues<char> EndsOfUrl = SearchValues.Create(" \t\r\n\"'<>\\)]}|`");
    private static readonly SearchValues<char> EndsOfWord = SearchValues.Create(" \t\r\n\"'<>\\)]}|`([{,;=");
    private static readonly SearchValues<char> EndsOfHost = SearchValues.Create("/?#:");
    private static readonly SensitiveScanner Scanner = new(new SafetyOptions
    {
        [SensitiveType.BirthDate] = SensitiveAction.Ignore,
        [SensitiveType.Location] = SensitiveAction.Ignore,
    }.MaskPersonalData());

    private readonly RecentFacts<ulong, (string SpanId, bool IsBrought)> _first = new(most);
    private readonly RecentFacts<ulong, bool> _said = new(most);

    public int Count => _first.Count + _said.Count;

    /// <summary>Takes a text in, and returns the values of it that were followed.</summary>
    public List<(FollowedValue Found, string Value)> Add(SpanText text)
    {
        List<(FollowedValue Found, string Value)> followed = [];
        bool isSaid = text.Source is SpanTextSource.User or SpanTextSource.Instructions;
        bool isBrought = text.Source is SpanTextSource.ToolResult or SpanTextSource.Document;
        if (isSaid)
        {
            SayWords(text.Text.ToLowerInvariant());
        }

        foreach ((string kind, string value, string? host) in ValuesOf(text.Text))
        {
            // An address with something added to it still goes to the same host.
            string? brought = text.Source != SpanTextSource.ToolArguments ? null
                : SpanThatBrought(value) is not null ? value : host is not null && SpanThatBrought(host) is not null ? host : null;
            if (brought is not null && !_said.Contains(TextHash.Of(WithoutScheme(brought))))
            {
                followed.Add((new(kind, SpanThatBrought(brought)!, text.SpanId), value));
            }

            if (isSaid)
            {
                Say(value);
            }

            _first.TryAdd(TextHash.Of(value), (text.SpanId, isBrought));
            _first.TryAdd(TextHash.Of(host ?? value), (text.SpanId, isBrought));
        }

        return followed;
    }

    private string? SpanThatBrought(string value) =>
        _first.TryGet(TextHash.Of(value), out (string SpanId, bool IsBrought) first) && first.IsBrought ? first.SpanId : null;

    /// <summary>Notes what may be an address or a number, in whatever form a user writes it.</summary>
    private void SayWords(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOfAny(EndsOfWord);
            int end = length < 0 ? text.Length : start + length;
            string word = text[start..end].Trim('.', ',', ':', '!', '?', '/', '*', '_');
            if (word.AsSpan().ContainsAny('.', '@'))
            {
                Say(word);
            }
            else if (word.Count(char.IsAsciiDigit) >= LeastDigits)
            {
                Say(LettersAndDigits(word));
            }

            start = end + 1;
        }
    }

    /// <summary>Notes a value, and of an address all that it begins with.</summary>
    private void Say(string value)
    {
        ReadOnlySpan<char> rest = WithoutScheme(value);
        _said.TryAdd(TextHash.Of(rest), true);
        int end = 0;
        for (int i = 0; i < MostPrefixes && rest[end..].IndexOfAny(EndsOfHost) is >= 0 and int next; i++)
        {
            _said.TryAdd(TextHash.Of(rest[..(end + next)]), true);
            end += next + 1;
        }
    }

    private static ReadOnlySpan<char> WithoutScheme(string value) =>
        value.AsSpan(value.IndexOf("://", StringComparison.Ordinal) is >= 0 and int at ? at + 3 : 0);

    private static string LettersAndDigits(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static IEnumerable<(string Kind, string Value, string? Host)> ValuesOf(string text)
    {
        for (int at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
        {
            int start = at, end = text.AsSpan(at + 3).IndexOfAny(EndsOfUrl);
            while (start > 0 && char.IsAsciiLetter(text[start - 1]))
            {
                start--;
            }

            string url = text[start..(end < 0 ? text.Length : at + 3 + end)].TrimEnd('.', ',', ';', '/').ToLowerInvariant();
            if (url.Length > at - start + 3)
            {
                string rest = url[(at - start + 3)..];
                int hostEnd = rest.AsSpan().IndexOfAny(EndsOfHost);
                yield return ("url", url, hostEnd < 0 ? rest : rest[..hostEnd]);
            }
        }

        foreach (SensitiveFinding finding in FindingsOf(text))
        {
            string value = text.Substring(finding.Start, finding.Length).ToLowerInvariant();
            yield return (finding.Detector, finding.Type == SensitiveType.Email ? value : LettersAndDigits(value), null);
        }
    }

    // A text that cannot be scanned in time has no values.
    private static IReadOnlyList<SensitiveFinding> FindingsOf(string text)
    {
        try
        {
            return Scanner.Scan(text);
        }
        catch (TimeoutException)
        {
            return [];
        }
    }
}
