using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>What a list of traces shows. Null asks for all.</summary>
internal sealed record TraceFilter
{
    public string? Session { get; init; }

    public string? Status { get; init; }

    public string? User { get; init; }

    public string? Name { get; init; }

    public string? Tag { get; init; }

    /// <summary>Tags that a trace has all of.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Run { get; init; }

    public string? Model { get; init; }

    public bool? HasErrors { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public double? From { get; init; }

    public double? To { get; init; }

    public double? CostAbove { get; init; }

    public bool OldestFirst { get; init; }
}

/// <summary>Lists of traces, by key: the next page begins behind the last row of this one, however many rows are before it.</summary>
internal static class TraceList
{
    public const int MostItems = 500;

    private const string Select = $"""
        SELECT t.id, t.trace_id, t.name, t.status, s.name, t.user, t.tags, r.name, t.environment, t.release, t.service, t.model, t.preview_in, t.preview_out,
            t.start, t.end, t.received, t.version, t.spans, t.calls, t.tools, t.errors, t.input, t.output, t.cache_read, t.cache_write, t.reasoning, t.cost,
            t.estimated, t.unpriced
        FROM trace t LEFT JOIN session s ON s.id = t.session LEFT JOIN run r ON r.id = t.run
        """;

    private const int SumColumn = 18;

    public static Page<TraceItem> Read(SqliteConnection connection, TraceFilter filter, int limit, string? after)
    {
        limit = Math.Clamp(limit, 1, MostItems);
        Query query = Filtered(new(Select), filter);
        if (Key(after) is var (start, id))
            query.And(filter.OldestFirst ? "(t.start, t.id) > (?, ?)" : "(t.start, t.id) < (?, ?)", start, id);
        using Statement rows = query.Prepare(
            connection,
            $"ORDER BY t.start {(filter.OldestFirst ? "ASC" : "DESC")}, t.id {(filter.OldestFirst ? "ASC" : "DESC")} LIMIT {limit + 1}");
        List<TraceItem> items = [];
        string? next = null;
        string last = "";
        while (rows.Step())
        {
            if (items.Count == limit)
            {
                next = last;
                break;
            }

            last = string.Create(CultureInfo.InvariantCulture, $"{rows.Long(14)}.{rows.Long(0)}");
            items.Add(Item(rows, []));
        }

        rows.Reset();
        return new(ScoreList.AddTo(connection, items), next);
    }

    /// <summary>Reads a window of a list in any order, as PandaProbe's API has it, and how many there are.</summary>
    public static (IReadOnlyList<TraceItem> Items, long Total) Window(
        SqliteConnection connection, TraceFilter filter, string order, int limit, int offset)
    {
        using Statement count = Filtered(new("SELECT count(*) FROM trace t"), filter).Prepare(connection, "");
        using Statement rows = Filtered(new(Select), filter).Prepare(connection, $"ORDER BY {order} LIMIT {limit} OFFSET {offset}");
        List<TraceItem> items = [];
        while (rows.Step())
            items.Add(Item(rows, []));
        return (items, count.RunForNumber() ?? 0);
    }

    public static TraceItem? Find(SqliteConnection connection, UInt128 id)
    {
        using Statement row = new Query(Select).And("t.trace_id = ?", id).Prepare(connection, "");
        return row.Step() ? Item(row, ScoreList.Of(connection, id)) : null;
    }

    public static Query Filtered(Query query, TraceFilter filter)
    {
        query
            .AndIf("t.session = (SELECT id FROM session WHERE name = ?)", filter.Session)
            .AndIf("t.status = ?", filter.Status)
            .AndIf("t.user = ?", filter.User)
            .AndIf("t.name LIKE ? ESCAPE '\\'", Query.Like(filter.Name))
            .AndIf("EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value = ?)", filter.Tag)
            .AndIf("t.run IN (SELECT id FROM run WHERE name = ?)", filter.Run)
            .AndIf("EXISTS (SELECT 1 FROM span m WHERE m.trace = t.id AND m.model GLOB ?)", filter.Model)
            .AndIf("t.start >= ?", filter.From is { } from ? Times.Nanoseconds(from) : null)
            .AndIf("t.start < ?", filter.To is { } to ? Times.Nanoseconds(to) : null)
            .AndIf("t.cost > ?", filter.CostAbove);
        foreach (string tag in filter.Tags)
            query.And("EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value = ?)", tag);
        if (filter.HasErrors is { } errors)
            query.And(errors ? "t.errors > 0 OR t.status = 'ERROR'" : "t.errors = 0 AND t.status <> 'ERROR'");
        return query;
    }

    /// <summary>Reads the key of a page; null when it is none.</summary>
    public static (long Value, long Id)? Key(string? text)
    {
        int point = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return point > 0 && long.TryParse(text.AsSpan(0, point), CultureInfo.InvariantCulture, out long value)
            && long.TryParse(text.AsSpan(point + 1), CultureInfo.InvariantCulture, out long id)
            ? (value, id)
            : null;
    }

    private static TraceItem Item(Statement row, IReadOnlyList<ScoreItem> scores) => new()
    {
        Id = Ids.Hex(row.Id(1)),
        Name = row.Text(2),
        Status = row.Text(3) ?? "RUNNING",
        Session = row.Text(4),
        User = row.Text(5),
        Tags = row.Text(6) is { } tags ? JsonSerializer.Deserialize(tags, StoredJson.Default.StringArray) ?? [] : [],
        Run = row.Text(7),
        Environment = row.Text(8),
        Release = row.Text(9),
        Service = row.Text(10),
        Model = row.Text(11),
        Input = row.Text(12),
        Output = row.Text(13),
        Start = Times.Milliseconds(row.Long(14)),
        Duration = Times.Milliseconds(Math.Max(0, row.Long(15) - row.Long(14))),
        Received = row.Long(16),
        Version = row.Long(17),
        Sums = SumItem.Of(Sums.Read(row, SumColumn)),
        Scores = scores,
    };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJson : System.Text.Json.Serialization.JsonSerializerContext;
