namespace PandaProbe.Safety.Structure;

/// <summary>Finds instructions in what a model writes, text by text in the order of time. It keeps hashes only.</summary>
/// <param name="leastWords">How many words in a row an output has to repeat.</param>
/// <param name="most">How many sequences of words are kept of instructions, and how many of what others said.</param>
internal sealed class LeakWatch(int leastWords, int most)
{
    private readonly List<ulong[]> _instructions = [];
    private readonly HashSet<ulong> _known = [];
    private readonly RecentFacts<ulong, bool> _others = new(most);
    private int _rows;

    public int Count => _rows + _others.Count;

    /// <summary>Takes a text in, and returns what it gives away.</summary>
    public LeakedPrompt? Add(SpanText text)
    {
        ulong[] rows = WordRows.Of(text.Text);
        switch (text.Source)
        {
            case SpanTextSource.Instructions:
                Remember(rows.Length > most ? rows[..most] : rows);
                return null;
            case SpanTextSource.Answer or SpanTextSource.ToolArguments:
                return _instructions.Count > 0 && Most(text.SpanId, rows) is { } leak && leak.Words >= leastWords ? leak : null;
            default:
                foreach (ulong row in rows)
                {
                    _others.TryAdd(row, true);
                }

                return null;
        }
    }

    private static ulong KeyOf(ulong[] rows) => rows.Aggregate(TextHash.Seed, TextHash.With);

    private void Remember(ulong[] rows)
    {
        if (rows.Length == 0 || !_known.Add(KeyOf(rows)))
        {
            return;
        }

        _instructions.Add(rows);
        _rows += rows.Length;
        while (_rows > most)
        {
            _rows -= _instructions[0].Length;
            _known.Remove(KeyOf(_instructions[0]));
            _instructions.RemoveAt(0);
        }
    }

    private LeakedPrompt Most(string spanId, ulong[] output)
    {
        HashSet<ulong> said = [.. output.Where(row => !_others.Contains(row))];
        LeakedPrompt most = new(spanId, 0, 0);
        foreach (ulong[] rows in _instructions)
        {
            int repeated = 0, inRow = 0, longest = 0;
            foreach (ulong row in rows)
            {
                inRow = said.Contains(row) ? inRow + 1 : 0;
                repeated += inRow > 0 ? 1 : 0;
                longest = Math.Max(longest, inRow);
            }

            int words = longest == 0 ? 0 : longest + WordRows.Length - 1;
            if (words > most.Words)
            {
                most = new(spanId, (double)repeated / rows.Length, words);
            }
        }

        return most;
    }
}
