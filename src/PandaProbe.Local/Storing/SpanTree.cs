namespace PandaProbe.Local.Storing;

/// <summary>
/// What counts in a tree of spans. The tokens of a span whose descendants report tokens are a sum, or the same call seen by an outer layer.
/// </summary>
internal static class SpanTree
{
    public static SpanFlags FlagsOf(SpanRow row) =>
        (row.Reports ? SpanFlags.Reports : 0) | (row.IsSum ? SpanFlags.IsSum : 0) | (row.IsError ? SpanFlags.IsError : 0)
        | (row.Kind == "TOOL" ? SpanFlags.IsTool : 0) | (row.IsCall && !row.IsSum ? SpanFlags.IsCall : 0);

    public static bool IsCounted(SpanFlags flags) => (flags & (SpanFlags.Reports | SpanFlags.ReportsBelow)) == SpanFlags.Reports;

    /// <summary>Returns the marks that a span gives to its parent.</summary>
    public static SpanFlags ToParent(SpanFlags flags) =>
        ((flags & (SpanFlags.Reports | SpanFlags.ReportsBelow)) != 0 ? SpanFlags.ReportsBelow : 0)
        | ((flags & (SpanFlags.IsCall | SpanFlags.CallsBelow)) != 0 ? SpanFlags.CallsBelow : 0);

    /// <summary>Returns what a span counts for apart from tokens and cost.</summary>
    public static Sums Counted(SpanState span) => span.Source == SpanSource.Placeholder
        ? default
        : new()
        {
            Spans = 1,
            Calls = (span.Flags & (SpanFlags.IsCall | SpanFlags.CallsBelow)) == SpanFlags.IsCall ? 1 : 0,
            Tools = span.Has(SpanFlags.IsTool) ? 1 : 0,
            Errors = span.Has(SpanFlags.IsError) ? 1 : 0,
        };
}
