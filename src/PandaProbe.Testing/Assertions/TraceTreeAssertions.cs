using PandaProbe.Testing.Patterns;

namespace PandaProbe.Testing;

/// <summary>Compares trees of spans with a pattern.</summary>
public static class TraceTreeAssertions
{
    /// <summary>Compares the tree of the trace with a pattern: one line per span, children indented.</summary>
    /// <remarks>
    /// A line is a kind, a name and conditions: <c>LLM * model:gpt-5* ×1..2</c>. <c>*</c> stands for any text, as a kind for any kind.
    /// Conditions are <c>model:</c>, <c>provider:</c>, <c>error:</c> with the type of the error, and <c>ok</c>. <c>×2</c>, <c>×1..2</c>
    /// and <c>×1..</c> say how often, <c>?</c> in front that the span is optional. Children are complete and in order, but below a line
    /// <c>unordered</c> they come in any order, and a line <c>...</c> stands for any further spans. Lines with <c>#</c> are comments.
    /// </remarks>
    /// <param name="trace">The trace.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">The tree differs. The message shows both beside each other.</exception>
    /// <exception cref="ArgumentException">The pattern is not understood.</exception>
    /// <example>
    /// <code>
    /// trace.ShouldMatch("""
    ///     AGENT support
    ///       LLM * model:gpt-5* ×1..2
    ///       TOOL lookup_order
    ///       ? TOOL refund
    ///     """);
    /// </code>
    /// </example>
    public static CapturedTrace ShouldMatch(this CapturedTrace trace, string pattern)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (Compare(trace.Roots, pattern, $"The trace '{trace.Name}'") is { } message)
            throw Failure.Of(trace, message);
        return trace;
    }

    /// <summary>Compares the tree from this span down with a pattern.</summary>
    /// <inheritdoc cref="ShouldMatch(CapturedTrace, string)"/>
    /// <param name="span">The span.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>The span.</returns>
    public static CapturedSpan ShouldMatch(this CapturedSpan span, string pattern)
    {
        ArgumentNullException.ThrowIfNull(span);
        if (Compare([span], pattern, $"The span '{span.Name}'") is { } message)
            throw new ProbeAssertionException(message);
        return span;
    }

    private static string? Compare(IReadOnlyList<CapturedSpan> spans, string pattern, string what)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        IReadOnlyList<PatternNode> nodes = PatternParser.Parse(pattern);
        TreeAlignment alignment = new();
        if (alignment.Cost(nodes, spans) == 0)
            return null;

        IReadOnlyList<AlignedRow> rows = alignment.Rows(nodes, spans);
        return $"{what} should match the pattern, but differs.\n\nFirst difference: {rows.First(row => row.Difference is not null).Difference}.\n\n"
            + SideBySide.Of(rows);
    }
}
