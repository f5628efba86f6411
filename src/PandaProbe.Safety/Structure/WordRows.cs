namespace PandaProbe.Safety.Structure;

/// <summary>The sequences of eight words of a text, as hashes. Case and punctuation make no difference.</summary>
internal static class WordRows
{
    public const int Length = 8;

    private const ulong RowFactor = 0x9E3779B97F4A7C15;

    // Scripts without spaces begin here.
    private const char FirstIdeograph = '\u2E80';

    public static ulong[] Of(string? text)
    {
        List<ulong> words = WordsOf(text ?? "");
        if (words.Count < Length)
        {
            return [];
        }

        ulong[] rows = new ulong[words.Count - Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            ulong row = 0;
            for (int j = i; j < i + Length; j++)
            {
                row = (row * RowFactor) + words[j];
            }

            rows[i] = row;
        }

        return rows;
    }

    private static List<ulong> WordsOf(string text)
    {
        List<ulong> words = [];
        ulong word = TextHash.Seed;
        bool inWord = false;
        foreach (char c in text)
        {
            bool isWord = char.IsLetterOrDigit(c);
            if (inWord && (!isWord || c >= FirstIdeograph))
            {
                words.Add(word);
                (word, inWord) = (TextHash.Seed, false);
            }

            if (isWord)
            {
                word = TextHash.With(word, char.ToLowerInvariant(c));
                inWord = true;
                if (c >= FirstIdeograph)
                {
                    words.Add(word);
                    (word, inWord) = (TextHash.Seed, false);
                }
            }
        }

        if (inWord)
        {
            words.Add(word);
        }

        return words;
    }
}
