using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>A group of traces, or of spans with one model or tool. Durations are of traces, or of those spans.</summary>
internal sealed record GroupItem(string? Name, long Count, long Failed, double? P50, double? P95, SumItem Sums);

/// <summary>Sums of groups.</summary>
internal static class Analytics
{
    private const int MostGroups = 500;

    /// <summary>Percentiles come from this many of the latest durations of a group, which is enough for two digits.</summary>
    private const int MostDurations = 2000;

    private const string TraceSums = """
        count(*), sum(t.status = 'ERROR'), sum(t.spans), sum(t.calls), sum(t.tools), sum(t.errors), sum(t.input), sum(t.output), sum(t.cache_read),
        sum(t.cache_write), sum(t.reasoning), sum(t.cost), sum(t.estimated), sum(t.unpriced)
        """;

    private const string SpanSums = """
        count(*), sum(p.status = 2), count(*), sum(p.kind IN ('LLM', 'EMBEDDING')), sum(p.kind = 'TOOL'), sum(p.status = 2), coalesce(sum(p.input), 0),
        coalesce(sum(p.output), 0), coalesce(sum(p.cache_read), 0), coalesce(sum(p.cache_write), 0), coalesce(sum(p.reasoning), 0), coalesce(sum(p.cost), 0),
        sum(p.estimated AND p.cost IS NOT NULL), sum(p.cost IS NULL AND p.input > 0)
        """;

    /// <summary>Returns null when there is no such grouping.</summary>
    public static List<GroupItem>? Read(SqliteConnection connection, string by, TraceFilter filter)
    {
        bool ofSpans = by is "model" or "tool";
        string? key = by switch
        {
            "all" => "NULL",
            "model" => "p.model",
            "tool" => "coalesce(p.tool, p.name)",
            "user" => "t.user",
            "run" => "(SELECT name FROM run WHERE id = t.run)",
            "name" => "t.name",
            "session" => "(SELECT name FROM session WHERE id = t.session)",
            "day" => "date(t.start / 1000000000, 'unixepoch')",
            _ => null,
        };
        if (key is null)
            return null;

        string from = ofSpans ? "FROM trace t JOIN span p ON p.trace = t.id" : "FROM trace t";
        Query query = new($"SELECT {key} AS k, {(ofSpans ? SpanSums : TraceSums)} {from}");
        Query durations = new($"SELECT {key} AS k, {(ofSpans ? "p.end - p.start" : "t.end - t.start")} {from}");
        foreach (Query one in (Query[])[query, durations])
        {
            TraceList.Filtered(one, filter);

            // Spans that add up others, and outer layers of a call, are in no group.
            if (by == "model")
                one.And($"(p.flags & {(long)(SpanFlags.IsCall | SpanFlags.CallsBelow)}) = {(long)SpanFlags.IsCall}");
            else if (by == "tool")
                one.And($"(p.flags & {(long)SpanFlags.IsTool}) <> 0");
        }

        Dictionary<string, List<long>> times = Durations(connection, durations, ofSpans);
        using Statement rows = query.Prepare(connection, $"GROUP BY k ORDER BY 2 DESC LIMIT {MostGroups}");
        List<GroupItem> groups = [];
        while (rows.Step())
        {
            if (rows.Long(1) == 0)
                continue;

            string? name = rows.Text(0);
            List<long>? sorted = times.GetValueOrDefault(name ?? "");
            sorted?.Sort();
            groups.Add(new(name, rows.Long(1), rows.Long(2), Percentile(sorted, 0.5), Percentile(sorted, 0.95),
                SumItem.Of(Sums.Read(rows, 3))));
        }

        return groups;
    }

    private static Dictionary<string, List<long>> Durations(SqliteConnection connection, Query query, bool ofSpans)
    {
        Dictionary<string, List<long>> times = new(StringComparer.Ordinal);
        using Statement rows = query.Prepare(connection, $"ORDER BY {(ofSpans ? "p.id" : "t.id")} DESC LIMIT 50000");
        while (rows.Step())
        {
            string name = rows.Text(0) ?? "";
            if (!times.TryGetValue(name, out List<long>? list))
                times[name] = list = [];
            if (list.Count < MostDurations && rows.Long(1) >= 0)
                list.Add(rows.Long(1));
        }

        return times;
    }

    private static double? Percentile(List<long>? sorted, double part) =>
        sorted is { Count: > 0 } ? Times.Milliseconds(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))]) : null;
}
