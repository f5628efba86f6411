namespace PandaProbe.Testing.Patterns;

/// <summary>
/// Takes spans for lines in any order: a maximum matching, required lines first. A line that has found a span keeps one, whatever is
/// matched after it.
/// </summary>
internal sealed class UnorderedBlock
{
    private readonly (PatternNode Node, bool IsRequired)[] _lines;
    private readonly CapturedSpan[] _spans;
    private readonly int[] _lineOfSpan;

    public UnorderedBlock(TreeAlignment trees, (PatternNode Node, bool IsRequired)[] lines, CapturedSpan[] spans)
    {
        _lines = [.. lines.OrderBy(line => !line.IsRequired)];
        _spans = spans;
        _lineOfSpan = [.. spans.Select(_ => -1)];
        for (int line = 0; line < _lines.Length; line++)
            TryPlace(trees, line, new bool[spans.Length]);
    }

    public int Cost =>
        _lineOfSpan.Count(line => line < 0) * TreeAlignment.CostOfUnexpected + Missing().Count() * TreeAlignment.CostOfMissing;

    /// <summary>Returns the spans in their order, each with its line, and then the lines without a span.</summary>
    public IEnumerable<(PatternNode? Node, CapturedSpan? Span)> Pairs() =>
    [
        .. _spans.Select((span, index) => (_lineOfSpan[index] < 0 ? null : _lines[_lineOfSpan[index]].Node, (CapturedSpan?)span)),
        .. Missing().Select(node => ((PatternNode?)node, (CapturedSpan?)null)),
    ];

    private IEnumerable<PatternNode> Missing() =>
        _lines.Where((line, index) => line.IsRequired && !_lineOfSpan.Contains(index)).Select(line => line.Node);

    private bool TryPlace(TreeAlignment trees, int line, bool[] seen)
    {
        for (int span = 0; span < _spans.Length; span++)
        {
            if (seen[span] || trees.Cost(_lines[line].Node, _spans[span]) > 0)
                continue;

            seen[span] = true;
            if (_lineOfSpan[span] < 0 || TryPlace(trees, _lineOfSpan[span], seen))
            {
                _lineOfSpan[span] = line;
                return true;
            }
        }

        return false;
    }
}
