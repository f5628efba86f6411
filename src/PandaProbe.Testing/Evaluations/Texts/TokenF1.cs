using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>How many words two texts share, as the SQuAD benchmark computes it, without its removal of English articles.</summary>
internal static class TokenF1
{
    /// <summary>Returns the harmonic mean of precision and recall of the words of <paramref name="actual"/>.</summary>
    public static double Of(string actual, string expected)
    {
        List<string> said = Words(actual);
        List<string> wanted = Words(expected);
        if (said.Count + wanted.Count == 0)
            return 1;

        var left = wanted.GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count());
        int shared = 0;
        foreach (string word in said)
        {
            if (left.TryGetValue(word, out int count) && count > 0)
            {
                left[word] = count - 1;
                shared++;
            }
        }

        return 2.0 * shared / (said.Count + wanted.Count);
    }

    // Letters and digits of any script in lower case; everything else separates.
    private static List<string> Words(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        // Normalize throws at invalid UTF-16. The runes of a text are valid.
        foreach (Rune rune in string.Concat(text.EnumerateRunes()).Normalize().EnumerateRunes())
        {
            if (IsOfWord(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    // Vowel signs of Hindi or Thai are marks, and stand inside words.
    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
