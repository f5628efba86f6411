using System.Text;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Storing;

/// <summary>A span in a tree, without its contents.</summary>
internal sealed record SpanHead(UInt128 Key, StepFacts Facts, SpanSource Source, SpanFlags Flags)
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
        // By the ids: in the order of the index on keys, each row would be on another page.
        using Statement rows = new(connection, """
            SELECT key, parent, source, flags, kind, name, start, end, model, input, output, cache_read, reasoning, cost, estimated,
                first_token, error, arguments
            FROM span WHERE id IN (SELECT id FROM span WHERE trace = (SELECT id FROM trace WHERE trace_id = ?1))
            """);
        rows.Bind(1, trace);
        List<SpanHead> spans = [];
        Texts texts = new();
        while (rows.Step())
            spans.Add(Head(rows, texts, spans.Count));

        TraceFacts facts = new(item.Id, item.Name ?? "", [.. spans.Select(static span => span.Facts)], item.Status == "ERROR");
        return new([.. facts.Tree.Ordered.Select(step => (spans[step.Step.Row], step.Depth))], facts);
    }

    public static StepKind Kind(string name) => Enum.TryParse(name, ignoreCase: true, out StepKind kind) ? kind : StepKind.Other;

    private static SpanHead Head(Statement row, Texts texts, int number)
    {
        UInt128 key = row.Id(0);
        var source = (SpanSource)row.Long(2);
        var flags = (SpanFlags)row.Long(3);
        StepFacts facts = new()
        {
            Id = Ids.Hex(key),
            ParentId = row.IsNull(1) ? null : Ids.Hex(row.Id(1)),
            Kind = texts.Kind(row),
            Name = texts.Of(row, 5) ?? "",
            Start = row.Long(6),
            End = row.Long(7),
            IsError = (flags & SpanFlags.IsError) != 0,
            Error = row.Text(16),
            Model = texts.Of(row, 8),
            Input = row.LongOrNull(9),
            Output = row.LongOrNull(10),
            CacheRead = row.LongOrNull(11),
            Reasoning = row.LongOrNull(12),
            Cost = (decimal?)row.DoubleOrNull(13),
            CostIsEstimated = row.Long(14) != 0,
            IsCall = (flags & (SpanFlags.IsCall | SpanFlags.CallsBelow)) == SpanFlags.IsCall,
            Counts = SpanTree.IsCounted(flags),
            FirstToken = row.LongOrNull(15),
            Arguments = row.LongOrNull(17),
            Row = number,
        };
        return new(key, facts, source, flags);
    }

    /// <summary>The texts of a trace. 100,000 spans have a few names, and a string is made of each name once.</summary>
    private sealed class Texts
    {
        private const int KindColumn = 4;

        private readonly Dictionary<string, string> _known;
        private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
        private readonly Dictionary<string, StepKind> _kinds = new(StringComparer.Ordinal);

        public Texts()
        {
            _known = new(StringComparer.Ordinal);
            _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public string? Of(Statement row, int column)
        {
            ReadOnlySpan<byte> bytes = row.Utf8(column);
            if (bytes.IsEmpty)
                return row.IsNull(column) ? null : "";

            const int longest = 512;
            if (bytes.Length > longest)
                return Encoding.UTF8.GetString(bytes);

            Span<char> draft = stackalloc char[longest];
            ReadOnlySpan<char> text = draft[..Encoding.UTF8.GetChars(bytes, draft)];
            if (_lookup.TryGetValue(text, out string? known))
                return known;

            string made = text.ToString();
            return _known[made] = made;
        }

        public StepKind Kind(Statement row)
        {
            string name = Of(row, KindColumn)!;
            if (!_kinds.TryGetValue(name, out StepKind kind))
                _kinds[name] = kind = TraceHeads.Kind(name);
            return kind;
        }
    }
}
