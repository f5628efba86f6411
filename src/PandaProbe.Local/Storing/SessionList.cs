using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>What a list of sessions shows. Null asks for all.</summary>
internal sealed record SessionFilter(string? User, string? Text, bool? HasErrors, double? From, double? To)
{
    public string? NameContains { get; init; }

    /// <summary>Tags that one of its traces has all of.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>Lists of sessions, those with the latest spans first, by key.</summary>
internal static class SessionList
{
    private const string Select = $"""
        SELECT id, name, user, model, preview_in, preview_out, traces, failed, first, last, duration, version, {Sums.Columns} FROM session
        """;

    private const int SumColumn = 12;

    public static Page<SessionItem> Read(SqliteConnection connection, SessionFilter filter, int limit, string? after)
    {
        limit = Math.Clamp(limit, 1, TraceList.MostItems);
        Query query = Filtered(new(Select), filter);
        if (TraceList.Key(after) is var (last, id))
            query.And("(last, id) < (?, ?)", last, id);

        using Statement rows = query.Prepare(connection, $"ORDER BY last DESC, id DESC LIMIT {limit + 1}");
        List<SessionItem> items = [];
        string key = "";
        while (rows.Step())
        {
            if (items.Count == limit)
                return new(items, key);

            key = string.Create(CultureInfo.InvariantCulture, $"{rows.Long(9)}.{rows.Long(0)}");
            items.Add(Item(rows));
        }

        return new(items, null);
    }

    public static (IReadOnlyList<SessionItem> Items, long Total) Window(
        SqliteConnection connection, SessionFilter filter, string order, int limit, int offset)
    {
        using Statement count = Filtered(new("SELECT count(*) FROM session"), filter).Prepare(connection, "");
        using Statement rows = Filtered(new(Select), filter).Prepare(connection, $"ORDER BY {order} LIMIT {limit} OFFSET {offset}");
        List<SessionItem> items = [];
        while (rows.Step())
            items.Add(Item(rows));
        return (items, count.RunForNumber() ?? 0);
    }

    private static Query Filtered(Query query, SessionFilter filter)
    {
        query.AndIf("user = ?", filter.User).AndIf("name LIKE ? ESCAPE '\\'", Query.Like(filter.NameContains))
            .AndIf("last >= ?", filter.From is { } from ? Times.Nanoseconds(from) : null)
            .AndIf("first < ?", filter.To is { } to ? Times.Nanoseconds(to) : null);
        if (Query.Like(filter.Text) is { } pattern)
        {
            query.And("name LIKE ? ESCAPE '\\' OR preview_in LIKE ? ESCAPE '\\' OR preview_out LIKE ? ESCAPE '\\'", pattern, pattern,
                pattern);
        }

        if (filter.HasErrors is { } errors)
            query.And(errors ? "failed > 0 OR errors > 0" : "failed = 0 AND errors = 0");
        foreach (string tag in filter.Tags)
            query.And("EXISTS (SELECT 1 FROM trace t, json_each(t.tags) j WHERE t.session = session.id AND j.value = ?)", tag);
        return query;
    }

    public static SessionItem? Find(SqliteConnection connection, string name)
    {
        using Statement row = new Query(Select).And("name = ?", name).Prepare(connection, "");
        return row.Step() ? Item(row) : null;
    }

    private static SessionItem Item(Statement row) => new()
    {
        Id = row.Text(1)!,
        User = row.Text(2),
        Model = row.Text(3),
        Input = row.Text(4),
        Output = row.Text(5),
        Traces = row.Long(6),
        Failed = row.Long(7),
        First = Times.Milliseconds(row.Long(8)),
        Last = Times.Milliseconds(row.Long(9)),
        Duration = Times.Milliseconds(row.Long(10)),
        Version = row.Long(11),
        Sums = SumItem.Of(Sums.Read(row, SumColumn)),
    };
}
