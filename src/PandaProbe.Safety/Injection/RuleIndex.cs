using System.Collections.Frozen;

namespace PandaProbe.Safety.Injection;

/// <summary>
/// Finds the rules that a text fits in one pass over its words: a rule is tried where a word begins as one of its first does.
/// </summary>
internal static class RuleIndex
{
    private const int LongestStart = 3;
    private const char FirstIdeograph = '\u2E80';

    private static readonly InjectionRule[] Rules = InjectionRules.OfWords;

    private static readonly FrozenDictionary<ulong, (int Rule, string Phrase)[]> ByStart = Phrases()
        .Where(static phrase => phrase.Phrase[0] == ' ')
        .GroupBy(static phrase => StartOf(phrase.Phrase))
        .ToFrozenDictionary(static phrases => phrases.Key, static phrases => phrases.ToArray());

    // Of scripts without spaces.
    private static readonly (int Rule, string Phrase)[] Anywhere = [.. Phrases().Where(static phrase => phrase.Phrase[0] != ' ')];

    /// <summary>Returns the rules in the order of the table.</summary>
    /// <param name="words">What <see cref="NormalText.Words"/> returns.</param>
    public static IEnumerable<InjectionRule> RulesOf(string words)
    {
        bool[] fits = new bool[Rules.Length];
        for (int at = 0; at >= 0; at = words.IndexOf(' ', at + 1))
        {
            ulong start = 0;
            for (int i = at + 1; i <= at + LongestStart && i < words.Length && words[i] != ' '; i++)
            {
                start = With(start, words[i]);
                if (ByStart.TryGetValue(start, out (int Rule, string Phrase)[]? phrases))
                {
                    Try(phrases, words, at, fits);
                }
            }
        }

        if (words.AsSpan().ContainsAnyInRange(FirstIdeograph, char.MaxValue))
        {
            foreach ((int rule, string phrase) in Anywhere)
            {
                for (int at = words.IndexOf(phrase, StringComparison.Ordinal); at >= 0 && !fits[rule];
                    at = words.IndexOf(phrase, at + 1, StringComparison.Ordinal))
                {
                    fits[rule] = Rules[rule].Follows(words, at + phrase.Length - 1);
                }
            }
        }

        return Rules.Where((_, rule) => fits[rule]);
    }

    private static void Try((int Rule, string Phrase)[] phrases, string words, int at, bool[] fits)
    {
        foreach ((int rule, string phrase) in phrases)
        {
            fits[rule] = fits[rule] || (words.AsSpan(at).StartsWith(phrase, StringComparison.Ordinal)
                && Rules[rule].Follows(words, at + phrase.Length - 1));
        }
    }

    private static IEnumerable<(int Rule, string Phrase)> Phrases() =>
        Rules.SelectMany(static (rule, index) => rule.First.Select(phrase => (index, phrase)));

    private static ulong StartOf(string phrase) =>
        phrase.Skip(1).TakeWhile(static c => c != ' ').Take(LongestStart).Aggregate(0UL, With);

    private static ulong With(ulong start, char next) => (start << 16) | next;
}
