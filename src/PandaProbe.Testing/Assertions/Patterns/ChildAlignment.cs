namespace PandaProbe.Testing.Patterns;

/// <summary>The cheapest way to take the spans of one parent for the lines of a pattern, in order.</summary>
internal sealed class ChildAlignment
{
    private readonly TreeAlignment _trees;
    private readonly List<(PatternNode Node, bool IsRequired)> _items = [];
    private readonly IReadOnlyList<CapturedSpan> _spans;
    private readonly int[,] _costs;

    public ChildAlignment(TreeAlignment trees, IReadOnlyList<PatternNode> pattern, IReadOnlyList<CapturedSpan> spans)
    {
        _trees = trees;
        _spans = spans;
        foreach (PatternNode node in pattern)
            _items.AddRange(node.Line == PatternLine.Span ? Copies(node) : [(node, true)]);
        _costs = new int[_items.Count + 1, spans.Count + 1];
        for (int item = _items.Count; item >= 0; item--)
        {
            for (int span = spans.Count; span >= 0; span--)
                _costs[item, span] = item == _items.Count ? (spans.Count - span) * TreeAlignment.CostOfSkipped : Best(item, span).Cost;
        }
    }

    public int Cost => _costs[0, 0];

    /// <summary>Returns what stands beside what, in the order of both sides.</summary>
    public IEnumerable<(PatternNode? Node, CapturedSpan? Span)> Pairs()
    {
        (int item, int span) = (0, 0);
        while (item < _items.Count)
        {
            PatternNode node = _items[item].Node;
            (_, Step step, int taken) = Best(item, span);
            switch (step)
            {
                case Step.Block:
                    yield return (node, null);
                    foreach ((PatternNode? Node, CapturedSpan? Span) pair in BlockOf(node, span, span + taken).Pairs())
                        yield return pair;
                    break;
                case Step.Pair:
                    yield return (node, _spans[span]);
                    break;
                case Step.Unexpected:
                    yield return (null, _spans[span]);
                    break;
                case Step.Missing when _items[item].IsRequired && node.Line == PatternLine.Span:
                    yield return (node, null);
                    break;
            }

            span += taken;
            item += step is Step.Unexpected || (step is Step.Pair && node.Line == PatternLine.Rest) ? 0 : 1;
        }

        for (; span < _spans.Count; span++)
            yield return (null, _spans[span]);
    }

    private (int Cost, Step Step, int Taken) Best(int item, int span)
    {
        (PatternNode node, bool isRequired) = _items[item];
        if (node.Line == PatternLine.Unordered)
        {
            return Enumerable.Range(0, _spans.Count - span + 1)
                .Select(taken => (BlockOf(node, span, span + taken).Cost + _costs[item + 1, span + taken], Step.Block, taken))
                .MinBy(candidate => candidate.Item1);
        }

        bool isRest = node.Line == PatternLine.Rest;
        (int Cost, Step Step, int Taken) best =
            ((isRequired && !isRest ? TreeAlignment.CostOfSkipped : 0) + _costs[item + 1, span], Step.Missing, 0);
        if (span == _spans.Count)
            return best;

        int pair = isRest ? _costs[item, span + 1] : _trees.Cost(node, _spans[span]) + _costs[item + 1, span + 1];
        if (pair < TreeAlignment.Never && pair <= best.Cost)
            best = (pair, Step.Pair, 1);
        int unexpected = TreeAlignment.CostOfSkipped + _costs[item, span + 1];
        return unexpected < best.Cost ? (unexpected, Step.Unexpected, 1) : best;
    }

    private UnorderedBlock BlockOf(PatternNode node, int from, int to) =>
        new(_trees, [.. node.Children.SelectMany(Copies)], [.. _spans.Take(to).Skip(from)]);

    // A line for several spans is as many lines, of which the first are required.
    private IEnumerable<(PatternNode Node, bool IsRequired)> Copies(PatternNode node)
    {
        int count = (int)Math.Min(node.Most, Math.Max((long)node.Least, _spans.Count));
        for (int copy = 0; copy < count; copy++)
            yield return (node, copy < node.Least);
    }

    private enum Step
    {
        Pair,
        Missing,
        Unexpected,
        Block,
    }
}
