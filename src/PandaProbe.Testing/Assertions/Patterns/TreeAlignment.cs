namespace PandaProbe.Testing.Patterns;

/// <summary>
/// Compares a pattern with spans by their cheapest alignment: what is missing, unexpected or different has a cost. The pattern matches when
/// the cost is zero; otherwise the alignment is what the failure shows.
/// </summary>
internal sealed class TreeAlignment
{
    /// <summary>What it costs that a line has no span, or a span no line.</summary>
    public const int CostOfSkipped = 10;

    /// <summary>What it costs to take a span for a line that is about something else.</summary>
    public const int Never = 1_000_000;

    private const int Changed = 12;
    private const int MostBelow = 7;

    private readonly Dictionary<(PatternNode, CapturedSpan), int> _costs = [];
    private readonly Dictionary<(PatternNode, CapturedSpan?), ChildAlignment> _children = [];

    /// <summary>Returns what it costs to make the spans fit; zero when they do.</summary>
    public int Cost(IReadOnlyList<PatternNode> pattern, IReadOnlyList<CapturedSpan> spans) => new ChildAlignment(this, pattern, spans).Cost;

    public IReadOnlyList<AlignedRow> Rows(IReadOnlyList<PatternNode> pattern, IReadOnlyList<CapturedSpan> spans)
    {
        List<AlignedRow> rows = [];
        AddRows(rows, new(this, pattern, spans), 0);
        return rows;
    }

    /// <summary>Returns what it costs to take the span for the line.</summary>
    public int Cost(PatternNode node, CapturedSpan span)
    {
        if (_costs.TryGetValue((node, span), out int known))
            return known;

        bool fits = !node.Differences(span).Any();
        bool isSimilar = fits || node.IsKind(span) || (node.Name != "*" && node.IsName(span));
        int cost = Never;
        if (isSimilar)
        {
            int below = ChildrenOf(node, span).Cost;
            cost = (fits ? 0 : Changed) + Math.Min(below, MostBelow);
        }

        _costs[(node, span)] = cost;
        return cost;
    }

    private ChildAlignment ChildrenOf(PatternNode node, CapturedSpan span)
    {
        if (!_children.TryGetValue((node, span), out ChildAlignment? children))
            _children[(node, span)] = children = new(this, node.Children, span.Children);
        return children;
    }

    private void AddRows(List<AlignedRow> rows, ChildAlignment alignment, int depth)
    {
        foreach ((PatternNode? node, CapturedSpan? span) in alignment.Pairs())
        {
            if (node is { Line: PatternLine.Unordered })
            {
                rows.Add(new(depth, node, null, null));
            }
            else if (span is null)
            {
                AddMissing(rows, node!, depth, $"expected \"{node!.Text}\", which is missing");
            }
            else if (node is null or { Line: PatternLine.Rest })
            {
                AddSpan(rows, node, span, depth, node is null ? $"found \"{span.Kind} {span.Name}\", which is not expected" : null);
            }
            else
            {
                string[] differences = [.. node.Differences(span)];
                rows.Add(new(depth, node, span, differences.Length == 0 ? null
                    : $"expected \"{node.Text}\" and found \"{span}\": {string.Join(" and ", differences)} differ{(differences.Length == 1 ? "s" : "")}"));
                AddRows(rows, ChildrenOf(node, span), depth + 1);
            }
        }
    }

    private static void AddMissing(List<AlignedRow> rows, PatternNode node, int depth, string? difference)
    {
        rows.Add(new(depth, node, null, difference));
        foreach (PatternNode child in node.Children)
            AddMissing(rows, child, depth + 1, null);
    }

    private static void AddSpan(List<AlignedRow> rows, PatternNode? node, CapturedSpan span, int depth, string? difference)
    {
        rows.Add(new(depth, node, span, difference));
        foreach (CapturedSpan child in span.Children)
            AddSpan(rows, null, child, depth + 1, null);
    }
}
