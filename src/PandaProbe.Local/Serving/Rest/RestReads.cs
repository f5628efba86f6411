using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Receiving.Rest;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving.Rest;

/// <summary>PandaProbe's REST API as far as command lines and SDKs read from it.</summary>
internal sealed class RestReads(Store store)
{
    private const int MostItems = 200;
    private const int MostTraces = 1000;

    private static readonly string[] NotHere =
    [
        "/evaluations/trace-runs", "/evaluations/session-runs", "/evaluations/monitors", "/evaluations/trace-metrics",
            "/evaluations/session-metrics",
        "/evaluations/providers", "/evaluations/session-scores", "/evaluations/analytics",
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/traces", Traces);
        Get(routes, "/traces/users", Users);
        Get(routes, "/traces/analytics", RestAnalytics.Read);
        Get(routes, "/traces/{id}", Trace);
        Get(routes, "/sessions", Sessions);
        Get(routes, "/sessions/{id}", Session);
        Get(routes, "/evaluations/trace-scores", Scores);
        foreach (string path in NotHere)
        {
            routes.Map(path + "/{**rest}", static context => RestAnswers.HandleAsync(context, static _ =>
                throw new RestException(
                    StatusCodes.Status501NotImplemented,
                    "Evaluation runs and monitors need PandaProbe; the local viewer keeps scores that are sent to it.")));
        }
    }

    public static double? TimeOf(HttpContext context, string name) => context.Text(name) is not { } text ? null
        : Description.Time(text) is { } time ? Times.Milliseconds(time)
        : throw new RestException(StatusCodes.Status422UnprocessableEntity, $"{name}: '{text}' is not a date-time");

    public static string? OneOf(HttpContext context, string name, params string[] members) => context.Text(name) is not { } text ? null
        : members.Contains(text) ? text
        : throw new RestException(StatusCodes.Status422UnprocessableEntity, $"{name}: '{text}' is not one of {string.Join(", ", members)}");

    private void Get(IEndpointRouteBuilder routes, string path, Func<HttpContext, SqliteConnection, JsonNode> read) =>
        routes.MapGet(path, context => RestAnswers.HandleAsync(context, async _ =>
        {
            using SqliteConnection connection = store.OpenReader();
            await RestAnswers.WriteAsync(context, StatusCodes.Status200OK, read(context, connection));
        }));

    private static JsonObject Traces(HttpContext context, SqliteConnection connection)
    {
        (int limit, int offset) = Window(context, MostItems, 50);
        TraceFilter filter = new()
        {
            Session = context.Text("session_id"),
            Status = OneOf(context, "status", "PENDING", "RUNNING", "COMPLETED", "ERROR"),
            User = context.Text("user_id"),
            Name = context.Text("name"),
            Tags = [.. context.Request.Query["tags"].OfType<string>()],
            From = TimeOf(context, "started_after"),
            To = TimeOf(context, "started_before"),
        };
        string column = OneOf(context, "sort_by", "started_at", "ended_at", "name", "latency", "status") switch
        {
            "ended_at" => "t.end",
            "name" => "t.name",
            "latency" => "t.end - t.start",
            "status" => "t.status",
            _ => "t.start",
        };
        (IReadOnlyList<TraceItem> items, long total) = TraceList.Window(
            connection, filter, $"{column} {Order(context)}, t.id DESC", limit, offset);
        return Page([.. items.Select(RestTraces.ListItem)], total, limit, offset);
    }

    private static JsonObject Trace(HttpContext context, SqliteConnection connection)
    {
        if (!Guid.TryParseExact(context.Route("id"), "D", out Guid id))
            throw new RestException(StatusCodes.Status422UnprocessableEntity, "trace_id: is not a uuid");

        return RestTraces.Resolve(connection, Ids.FromGuid(id)) is { } trace && RestTraces.Whole(connection, trace) is { } whole
            ? whole
            : throw new RestException(StatusCodes.Status404NotFound, "Trace not found");
    }

    private static JsonObject Users(HttpContext context, SqliteConnection connection)
    {
        (int limit, int offset) = Window(context, MostItems, 50);
        using Statement count = new(connection, "SELECT count(DISTINCT user) FROM trace WHERE user IS NOT NULL");
        using Statement rows = new(connection, """
            SELECT user, count(*), min(start), max(start), sum(status = 'ERROR') FROM trace WHERE user IS NOT NULL GROUP BY user ORDER BY 4 DESC LIMIT ?1 OFFSET ?2
            """);
        rows.Bind(1, (long)limit).Bind(2, (long)offset);
        JsonArray items = [];
        while (rows.Step())
        {
            items.Add(new JsonObject
            {
                ["user_id"] = rows.Text(0),
                ["trace_count"] = rows.Long(1),
                ["first_seen"] = RestTraces.Time(Times.Milliseconds(rows.Long(2))),
                ["last_seen"] = RestTraces.Time(Times.Milliseconds(rows.Long(3))),
                ["error_count"] = rows.Long(4),
            });
        }

        return Page(items, count.RunForNumber() ?? 0, limit, offset);
    }

    private static JsonObject Sessions(HttpContext context, SqliteConnection connection)
    {
        (int limit, int offset) = Window(context, MostItems, 50);
        SessionFilter filter = new(
            context.Text("user_id"), null, context.Flag("has_error"), TimeOf(context, "started_after"), TimeOf(context, "started_before"))
        {
            NameContains = context.Text("query"),
            Tags = [.. context.Request.Query["tags"].OfType<string>()],
        };
        string column = OneOf(context, "sort_by", "recent", "trace_count", "latency", "cost") switch
        {
            "trace_count" => "traces",
            "latency" => "duration",
            "cost" => "cost",
            _ => "last",
        };
        (IReadOnlyList<SessionItem> items, long total) = SessionList.Window(
            connection, filter, $"{column} {Order(context)}, id DESC", limit, offset);
        return Page([.. items.Select(session => Summary(connection, session))], total, limit, offset);
    }

    private static JsonObject Session(HttpContext context, SqliteConnection connection)
    {
        (int limit, int offset) = Window(context, MostTraces, MostItems);
        if (SessionList.Find(connection, context.Route("id")) is not { } session)
            throw new RestException(StatusCodes.Status404NotFound, "Session not found");

        (IReadOnlyList<TraceItem> traces, _) = TraceList.Window(
            connection, new() { Session = session.Id }, "t.start ASC, t.id ASC", limit, offset);
        JsonObject answer = Summary(connection, session);
        answer["traces"] = new JsonArray([.. traces.Select(trace =>
        {
            UInt128 id = Ids.Parse(trace.Id);
            return RestTraces.Whole(connection, id);
        })]);
        return answer;
    }

    private static JsonObject Scores(HttpContext context, SqliteConnection connection)
    {
        (int limit, int offset) = Window(context, MostItems, 50);
        string? source = OneOf(context, "source", "AUTOMATED", "ANNOTATION", "PROGRAMMATIC");
        string? status = OneOf(context, "status", "SUCCESS", "FAILED", "PENDING");
        string? type = OneOf(context, "data_type", "NUMERIC", "BOOLEAN", "CATEGORICAL");
        double? from = TimeOf(context, "date_from");
        double? to = TimeOf(context, "date_to");
        UInt128? trace = context.Text("trace_id") is not { } text ? null
            : Guid.TryParseExact(text, "D", out Guid id) ? Ids.FromGuid(id)
            : throw new RestException(StatusCodes.Status422UnprocessableEntity, "trace_id: is not a uuid");
        return RestScores.Page(connection, Filter, limit, offset);

        // Nothing here fails or waits, and nothing belongs to an evaluation run.
        Query Filter(Query query) =>
            query.AndIf("trace_id = ?", trace).AndIf("name = ?", context.Text("name")).AndIf("source = ?", source).AndIf("type = ?", type)
            .AndIf("environment = ?", context.Text("environment")).AndIf("created >= ?", from).AndIf("created < ?", to)
            .AndIf("? = 'SUCCESS'", status).AndIf("? IS NULL", context.Text("eval_run_id"));
    }

    private static JsonObject Summary(SqliteConnection connection, SessionItem session)
    {
        using Statement tags = new(connection, """
            SELECT DISTINCT j.value FROM trace t, json_each(t.tags) j WHERE t.session = (SELECT id FROM session WHERE name = ?1) LIMIT 100
            """);
        tags.Bind(1, session.Id);
        JsonArray list = [];
        while (tags.Step())
            list.Add(tags.Text(0));
        return new()
        {
            ["session_id"] = session.Id,
            ["trace_count"] = session.Traces,
            ["first_trace_at"] = RestTraces.Time(session.First),
            ["last_trace_at"] = RestTraces.Time(session.Last),
            ["total_latency_ms"] = session.Duration,
            ["has_error"] = session.Failed > 0,
            ["user_id"] = session.User,
            ["tags"] = list,
            ["total_span_count"] = session.Sums.Spans,
            ["total_tokens"] = session.Sums.InputTokens + session.Sums.OutputTokens,
            ["total_cost"] = session.Sums.Cost ?? 0,
        };
    }

    private static JsonObject Page(JsonArray items, long total, int limit, int offset) =>
        new() { ["items"] = items, ["total"] = total, ["limit"] = limit, ["offset"] = offset };

    private static string Order(HttpContext context) => OneOf(context, "sort_order", "asc", "desc") == "asc" ? "ASC" : "DESC";

    private static (int Limit, int Offset) Window(HttpContext context, int most, int otherwise) =>
        (Number(context, "limit", 1, most, otherwise), Number(context, "offset", 0, int.MaxValue, 0));

    private static int Number(HttpContext context, string name, int least, int most, int otherwise) =>
        context.Text(name) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw new RestException(StatusCodes.Status422UnprocessableEntity, $"{name}: must be a number from {least} to {most}");
}
