namespace PandaProbe.Safety.Words;

/// <summary>Words to look for where a word begins, ordered by their first letter.</summary>
internal sealed class WordSet
{
    private readonly string[]?[] _byFirst = new string[128][];
    private readonly string[] _others;

    public WordSet(params IEnumerable<string> words)
    {
        string[] all = [.. words];
        foreach (IGrouping<char, string> group in all.Where(word => word[0] < 128).GroupBy(word => char.ToLowerInvariant(word[0])))
        {
            _byFirst[group.Key] = [.. group];
            _byFirst[char.ToUpperInvariant(group.Key)] = [.. group];
        }

        _others = [.. all.Where(word => word[0] >= 128)];
    }

    /// <summary>Whether a word of the set begins in the text. Short ones have to end there too: "tel", but not "telling".</summary>
    public bool IsIn(ReadOnlySpan<char> text)
    {
        bool letterBefore = false, lowerBefore = false, foreign = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= 128)
            {
                foreign = true;
                letterBefore = lowerBefore = char.IsLetter(c);
                continue;
            }

            bool upper = char.IsAsciiLetterUpper(c), mask = upper && i > 0 && text[i - 1] == '[' && i + 1 < text.Length
                && char.IsAsciiLetterUpper(text[i + 1]);
            if (!mask && (!letterBefore || (upper && lowerBefore)) && _byFirst[c] is { } words)
            {
                foreach (string word in words)
                {
                    if (text[i..].StartsWith(word, StringComparison.OrdinalIgnoreCase) && Ends(text, i + word.Length, word.Length))
                    {
                        return true;
                    }
                }
            }

            lowerBefore = char.IsAsciiLetterLower(c);
            letterBefore = lowerBefore || upper;
        }

        if (foreign)
        {
            foreach (string word in _others)
            {
                if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // In camel case a word ends before a capital: "telNumber".
    private static bool Ends(ReadOnlySpan<char> text, int end, int length) =>
        length > 4 || end == text.Length || !char.IsLetter(text[end]) || (char.IsUpper(text[end]) && char.IsLower(text[end - 1]));
}
