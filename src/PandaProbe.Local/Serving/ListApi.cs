using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Lists of sessions, traces, runs, and of what was searched for.</summary>
internal static class ListApi
{
    /// <summary>Behind it the answer says that it is not complete, and the next page goes on.</summary>
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes, Store store)
    {
        routes.MapGet("/api/sessions", context =>
        {
            using SqliteConnection connection = store.OpenReader();
            SessionFilter filter = new(
                context.Text("user"), context.Text("q"), context.Flag("errors"), context.Number("from"), context.Number("to"));
            return Answers.WriteAsync(
                context, SessionList.Read(connection, filter, context.Limit(), context.Text("after")), ApiJson.Default.PageSessionItem);
        });
        routes.MapGet("/api/traces", context =>
        {
            using SqliteConnection connection = store.OpenReader();
            Page<TraceItem> page = TraceList.Read(connection, Filter(context), context.Limit(), context.Text("after"));
            return Answers.WriteAsync(context, page, ApiJson.Default.PageTraceItem);
        });
        routes.MapGet("/api/search", context =>
        {
            using SqliteConnection connection = store.OpenReader();
            SearchPage page = Search.Run(
                connection, SearchQuery.Parse(context.Text("q") ?? ""), context.Limit(), context.Text("after"), SearchPatience, store.Time);
            return Answers.WriteAsync(context, page, ApiJson.Default.SearchPage);
        });
        routes.MapGet("/api/runs", context =>
        {
            using SqliteConnection connection = store.OpenReader();
            return Answers.WriteAsync(context, Runs(connection), ApiJson.Default.IReadOnlyListRunItem);
        });
    }

    public static TraceFilter Filter(HttpContext context) => new()
    {
        Session = context.Text("session"),
        Status = context.Text("status")?.ToUpperInvariant(),
        User = context.Text("user"),
        Name = context.Text("name"),
        Tag = context.Text("tag"),
        Run = context.Text("run"),
        Model = context.Text("model"),
        HasErrors = context.Flag("errors"),
        From = context.Number("from"),
        To = context.Number("to"),
        CostAbove = context.Number("cost_above"),
        OldestFirst = context.Text("order") == "asc",
    };

    private static List<RunItem> Runs(SqliteConnection connection)
    {
        using Statement rows = new(connection, """
            SELECT r.name, r.started, count(t.id), coalesce(sum(t.calls), 0), coalesce(sum(t.input), 0), coalesce(sum(t.output), 0), coalesce(sum(t.cost), 0),
                coalesce(sum(t.status = 'ERROR'), 0)
            FROM run r LEFT JOIN trace t ON t.run = r.id GROUP BY r.id ORDER BY r.id DESC LIMIT 500
            """);
        List<RunItem> runs = [];
        while (rows.Step())
        {
            runs.Add(new(rows.Text(0)!, rows.Long(1), rows.Long(2), rows.Long(3), rows.Long(4), rows.Long(5), rows.Double(6),
                rows.Long(7)));
        }

        return runs;
    }
}

/// <summary>What was received under one name of <c>--run</c>.</summary>
internal sealed record RunItem(
    string Name, double Started, long Traces, long Calls, long InputTokens, long OutputTokens, double Cost, long Failed);
