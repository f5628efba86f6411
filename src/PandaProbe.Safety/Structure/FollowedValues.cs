using System.Buffers;

namespace PandaProbe.Safety;

/// <summary>
/// Finds values that a tool's result or a document brought in and a later tool call uses although nobody said them: what an order that is
/// planted in a document looks like from outside, and also what a search and the reading of its results looks like.
/// </summary>
public static class FollowedValues
{
    private static readonly SearchValues<char> EndsOfUrl = SearchValues.Create(" \t\r\n\"'<>\\)]}|`");
    private static readonly SearchValues<char> EndsOfHost = SearchValues.Create("/?#:");
    private static readonly SensitiveScanner Scanner = new(new SafetyOptions
    {
        [SensitiveType.BirthDate] = SensitiveAction.Ignore,
        [SensitiveType.Location] = SensitiveAction.Ignore,
    }.MaskPersonalData());

    /// <summary>Finds the values that were followed: URLs, e-mail addresses, telephone and account numbers, keys.</summary>
    /// <param name="texts">The texts of a trace, in the order of time. The result of a tool and the arguments of the same call have the
    /// same span.</param>
    /// <returns>The findings, one for each value and each span that uses it.</returns>
    public static IReadOnlyList<FollowedValue> Find(IEnumerable<SpanText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return [.. Pairs(texts).Select(pair => pair.Found).Distinct()];
    }

    /// <summary>Finds the values that arguments take from a tool's result and that nobody said.</summary>
    /// <param name="toolResult">The result of the first tool.</param>
    /// <param name="toolArguments">The arguments of the later call.</param>
    /// <param name="said">What users and instructions said.</param>
    /// <returns>The values, in small letters, each once.</returns>
    public static IReadOnlyList<string> Between(string? toolResult, string? toolArguments, params IEnumerable<string> said)
    {
        ArgumentNullException.ThrowIfNull(said);
        IEnumerable<SpanText> texts = said.Select(text => new SpanText("", SpanTextSource.User, text))
            .Append(new("result", SpanTextSource.ToolResult, toolResult ?? ""))
            .Append(new("call", SpanTextSource.ToolArguments, toolArguments ?? ""));
        return [.. Pairs(texts).Select(pair => pair.Value).Distinct()];
    }

    private static IEnumerable<(FollowedValue Found, string Value)> Pairs(IEnumerable<SpanText> texts)
    {
        Dictionary<string, SpanText> first = [];
        List<string> said = [];
        foreach (SpanText text in texts)
        {
            if (text.Source is SpanTextSource.User or SpanTextSource.Instructions)
            {
                said.Add(text.Text);
            }

            foreach ((string kind, string value, string? host) in ValuesOf(text.Text))
            {
                // An address with something added to it still goes to the same host.
                string? brought = text.Source != SpanTextSource.ToolArguments ? null
                    : IsBrought(value) ? value : host is not null && IsBrought(host) ? host : null;
                if (brought is not null && first[brought].SpanId != text.SpanId && !IsSaid(brought))
                {
                    yield return (new(kind, first[brought].SpanId, text.SpanId), value);
                }

                first.TryAdd(value, text);
                first.TryAdd(host ?? value, text);
            }
        }

        bool IsBrought(string value) => first.TryGetValue(value, out SpanText at)
            && at.Source is SpanTextSource.ToolResult or SpanTextSource.Document;

        bool IsSaid(string value) =>
            said.Exists(text => text.Contains(value[(value.IndexOf("://", StringComparison.Ordinal) is >= 0 and int at
            ? at + 3 : 0)..], StringComparison.OrdinalIgnoreCase));
    }

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
            yield return (finding.Detector, finding.Type == SensitiveType.Email ? value
                : string.Concat(value.Where(char.IsLetterOrDigit)), null);
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
