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
        bool[,] fits = new bool[_lines.Length, spans.Length];
        for (int line = 0; line < _lines.Length; line++)
        {
            for (int span = 0; span < spans.Length; span++)
                fits[line, span] = trees.Cost(_lines[line].Node, spans[span]) == 0;
        }

        int[] spanOfLine = StepMatching.InAnyOrder(fits);
        _lineOfSpan = [.. Enumerable.Range(0, spans.Length).Select(span => Array.IndexOf(spanOfLine, span))];
    }

    public int Cost => (_lineOfSpan.Count(line => line < 0) + Missing().Count()) * TreeAlignment.CostOfSkipped;

    /// <summary>Returns the spans in their order, each with its line, and then the lines without a span.</summary>
    public IEnumerable<(PatternNode? Node, CapturedSpan? Span)> Pairs() =>
    [
        .. _spans.Select((span, index) => (_lineOfSpan[index] < 0 ? null : _lines[_lineOfSpan[index]].Node, (CapturedSpan?)span)),
        .. Missing().Select(node => ((PatternNode?)node, (CapturedSpan?)null)),
    ];

    private IEnumerable<PatternNode> Missing() =>
        _lines.Where((line, index) => line.IsRequired && !_lineOfSpan.Contains(index)).Select(line => line.Node);
}
