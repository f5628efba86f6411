using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Tests;

/// <summary>Byte pair encoding by its definition: merge the leftmost pair of the lowest rank until there is none.</summary>
internal sealed class NaiveBytePairEncoding
{
    private readonly Dictionary<string, int> _ranks = [];

    public NaiveBytePairEncoding(Tokenizer tokenizer)
    {
        Vocabulary vocabulary = tokenizer.Definition.Vocabulary;
        for (int id = 0; id < vocabulary.IdLimit; id++)
        {
            ReadOnlySpan<byte> bytes = vocabulary.BytesOf(id);
            if (!bytes.IsEmpty)
                _ranks.Add(Key(bytes), id);
        }
    }

    public int TokenCount => _ranks.Count;

    public int[] Merge(ReadOnlySpan<byte> piece)
    {
        var parts = new List<string>();
        foreach (byte value in piece)
            parts.Add(Key([value]));
        while (true)
        {
            (int best, int at) = (int.MaxValue, -1);
            for (int i = 0; i + 1 < parts.Count; i++)
            {
                if (_ranks.TryGetValue(parts[i] + parts[i + 1], out int rank) && rank < best)
                    (best, at) = (rank, i);
            }

            if (at < 0)
                return [.. parts.Select(part => _ranks[part])];
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }

    private static string Key(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
