using System.Runtime.InteropServices;
using PandaProbe.Safety.Numbers;

namespace PandaProbe.Safety.Words;

/// <summary>Finds the words of all sets at once.</summary>
internal sealed class WordIndex
{
    public const int MostSets = 64;

    /// <summary>All sets that values are looked at for.</summary>
    public static readonly WordIndex All = new([.. ContextWords.Sets, .. GroupedIds.Names]);

    // Shorter words have to end where a word ends: "tel", but not "telling".
    private const int ShortWord = 4;

    // By the lower five bits of the first two characters, which are the same for small letters and capitals.
    private readonly (string Word, ulong Sets)[]?[] _byStart = new (string, ulong)[32 * 32][];

    private WordIndex(params IEnumerable<WordSet> sets)
    {
        Dictionary<string, ulong> words = new(StringComparer.Ordinal);
        int count = 0;
        foreach (WordSet set in sets)
        {
            set.Number = count < MostSets ? count++ : throw new ArgumentException("Too many sets.", nameof(sets));
            foreach (string word in set.Words)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(words, word, out _) |= set.Bit;
            }
        }

        foreach (IGrouping<int, (string, ulong)> group in words.SelectMany(static word => StartsOf(word.Key, word.Value)).Distinct()
            .GroupBy(static word => word.Start, static word => (word.Word, word.Sets)))
        {
            _byStart[group.Key] = [.. group];
        }
    }

    /// <summary>Returns the bits of the sets that have a word in the text.</summary>
    public ulong SetsIn(ReadOnlySpan<char> text)
    {
        ulong sets = 0;
        for (int i = 0; i < text.Length; i++)
        {
            sets |= SetsAt(text, i);
        }

        return sets;
    }

    /// <summary>Returns the bits of the sets with a word that begins here.</summary>
    public ulong SetsAt(ReadOnlySpan<char> text, int at)
    {
        char first = text[at];
        if (_byStart[PairOf(first, at + 1 < text.Length ? text[at + 1] : '\0')] is not { } words || !Begins(text, at))
        {
            return 0;
        }

        ulong sets = 0;
        foreach ((string word, ulong of) in words)
        {
            if ((sets & of) != of && text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (first >= 128 || Ends(text, at + word.Length, word.Length)))
            {
                sets |= of;
            }
        }

        return sets;
    }

    // In camel case a word begins with a capital: "userTel". "[CARD" is a mask.
    private static bool Begins(ReadOnlySpan<char> text, int at)
    {
        char c = text[at], before = at > 0 ? text[at - 1] : ' ';
        if (c >= 128)
        {
            return true;
        }

        bool isUpper = char.IsAsciiLetterUpper(c);
        return !(isUpper && before == '[' && at + 1 < text.Length && char.IsAsciiLetterUpper(text[at + 1]))
            && (!char.IsLetter(before) || (isUpper && (before >= 128 || char.IsAsciiLetterLower(before))));
    }

    // In camel case a word ends before a capital: "telNumber".
    private static bool Ends(ReadOnlySpan<char> text, int end, int length) => length > ShortWord || end == text.Length
        || !char.IsLetter(text[end]) || (char.IsUpper(text[end]) && char.IsLower(text[end - 1]));

    private static IEnumerable<(int Start, string Word, ulong Sets)> StartsOf(string word, ulong sets)
    {
        char first = word[0];
        if (word.Length == 1)
        {
            return Enumerable.Range(0, 32).Select(second => (PairOf(first, (char)second), word, sets));
        }

        return
        [
            (PairOf(first, word[1]), word, sets), (PairOf(char.ToUpperInvariant(first), char.ToUpperInvariant(word[1])), word, sets),
            (PairOf(char.ToUpperInvariant(first), word[1]), word, sets), (PairOf(first, char.ToUpperInvariant(word[1])), word, sets),
        ];
    }

    private static int PairOf(char first, char second) => ((first & 31) << 5) | (second & 31);
}
