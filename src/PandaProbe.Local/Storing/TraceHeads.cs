using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Storing;

/// <summary>A span in a tree, without its contents.</summary>
internal sealed record SpanHead(
    UInt128 Key, StepFacts Facts, SpanSource Source, SpanFlags Flags, string? Provider, string? Tool, string? Label, long? CacheWrite)
{
    /// <summary>Whether its tokens and cost add up others, or tell of the same call as a span below.</summary>
    public bool IsSum =>
        (Flags & SpanFlags.IsSum) != 0
            || (Flags & (SpanFlags.Reports | SpanFlags.ReportsBelow)) == (SpanFlags.Reports | SpanFlags.ReportsBelow);
}

/// <summary>The spans of a trace without their contents, each before its children.</summary>
internal sealed record TraceHeads(IReadOnlyList<(SpanHead Span, int Depth)> Ordered, TraceFacts Facts)
{
    public static TraceHeads Read(SqliteConnection connection, UInt128 trace, TraceItem item)
    {
        using Statement rows = new(connection, """
            SELECT key, parent, source, flags, kind, name, start, end, model, provider, tool, input, output, cache_read, cache_write, reasoning, cost, estimated,
                first_token, error, label
            FROM span WHERE trace = (SELECT id FROM trace WHERE trace_id = ?1)
            """);
        rows.Bind(1, trace);
        Dictionary<string, SpanHead> spans = [];
        List<StepFacts> steps = [];
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        while (rows.Step())
        {
            SpanHead span = Head(rows, texts);
            spans[span.Facts.Id] = span;
            steps.Add(span.Facts);
        }

        TraceFacts facts = new(item.Id, item.Name ?? "", steps, item.Status == "ERROR");
        return new([.. facts.Tree.Ordered.Select(step => (spans[step.Step.Id], step.Depth))], facts);
    }

    public static StepKind Kind(string name) => Enum.TryParse(name, ignoreCase: true, out StepKind kind) ? kind : StepKind.Other;

    private static SpanHead Head(Statement row, Dictionary<string, string> texts)
    {
        UInt128 key = row.Id(0);
        var source = (SpanSource)row.Long(2);
        var flags = (SpanFlags)row.Long(3);
        StepFacts facts = new()
        {
            Id = Ids.Hex(key),
            ParentId = row.IsNull(1) ? null : Ids.Hex(row.Id(1)),
            Kind = Kind(row.Text(4)!),
            Name = Shared(row.Text(5), texts) ?? "",
            Start = row.Long(6),
            End = row.Long(7),
            IsError = (flags & SpanFlags.IsError) != 0,
            Error = row.Text(19),
            Model = Shared(row.Text(8), texts),
            Input = row.LongOrNull(11),
            Output = row.LongOrNull(12),
            CacheRead = row.LongOrNull(13),
            Reasoning = row.LongOrNull(15),
            Cost = (decimal?)row.DoubleOrNull(16),
            CostIsEstimated = row.Long(17) != 0,
            IsCall = (flags & (SpanFlags.IsCall | SpanFlags.CallsBelow)) == SpanFlags.IsCall,
            Counts = SpanTree.IsCounted(flags),
            FirstToken = row.LongOrNull(18),
        };
        return new(key, facts, source, flags, Shared(row.Text(9), texts), Shared(row.Text(10), texts), Shared(row.Text(20), texts),
            row.LongOrNull(14));
    }

    /// <summary>A trace of 100,000 spans has a few names.</summary>
    private static string? Shared(string? text, Dictionary<string, string> texts)
    {
        if (text is null)
            return null;
        if (texts.TryGetValue(text, out string? known))
            return known;
        return texts[text] = text;
    }
}
