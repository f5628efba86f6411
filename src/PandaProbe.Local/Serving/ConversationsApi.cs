using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>The list of the first page: sessions, and between them the traces that belong to none, newest first.</summary>
internal static class ConversationsApi
{
    /// <summary>What has not been heard of for so long does not run any more: its program has ended without a word.</summary>
    public static readonly TimeSpan RunsAtMost = TimeSpan.FromMinutes(10);

    private const int Session = 1;
    private const int Trace = 0;

    // Both halves read their index from the key on, so that a page costs the same wherever it is.
    private const string Newest = """
        SELECT * FROM (
            SELECT * FROM (SELECT 1 AS type, id, last AS at, name, NULL AS trace_id FROM session WHERE last <= ?1 AND (last, 1, id) < (?1, ?2, ?3) ORDER BY last DESC, id DESC LIMIT ?4)
            UNION ALL
            SELECT * FROM (SELECT 0, id, start, NULL, trace_id FROM trace WHERE session IS NULL AND start <= ?1 AND (start, 0, id) < (?1, ?2, ?3) ORDER BY start DESC, id DESC LIMIT ?4))
        ORDER BY at DESC, type DESC, id DESC LIMIT ?4
        """;

    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/conversations", context =>
    {
        using SqliteConnection connection = store.OpenReader();
        ConversationPage page = Read(
            connection, Math.Clamp(context.Limit(), 1, TraceList.MostItems), context.Text("after"), store.Time.GetUtcNow());
        return Answers.WriteAsync(context, page, ConversationsJson.Default.ConversationPage);
    });

    private static ConversationPage Read(SqliteConnection connection, int limit, string? after, DateTimeOffset now)
    {
        long commit = Schema.Number(connection, "SELECT max(version) FROM trace");
        (long at, long type, long id) = Key(after);
        using Statement rows = new(connection, Newest);
        rows.Bind(1, at).Bind(2, type).Bind(3, id).Bind(4, (long)limit + 1);
        using Statement running = new(connection, "SELECT EXISTS (SELECT 1 FROM trace WHERE session = ?1 AND status = 'RUNNING')");
        List<ConversationItem> items = [];
        string key = "";
        while (rows.Step())
        {
            if (items.Count == limit)
                return new(items, key, commit);

            key = string.Create(CultureInfo.InvariantCulture, $"{rows.Long(2)}.{rows.Long(0)}.{rows.Long(1)}");
            if (rows.Long(0) == Trace && TraceList.Find(connection, rows.Id(4)) is { } trace)
                items.Add(Item(trace, now));
            else if (rows.Long(0) == Session && SessionList.Find(connection, rows.Text(3)!) is { } session)
                items.Add(Item(connection, session, running.Bind(1, rows.Long(1)).RunForNumber() == 1, now));
        }

        return new(items, null, commit);
    }

    private static (long At, long Type, long Id) Key(string? text)
    {
        string[] parts = text?.Split('.') ?? [];
        return parts.Length == 3 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out long at)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long type)
            && long.TryParse(parts[2], CultureInfo.InvariantCulture, out long id)
            ? (at, type, id)
            : (long.MaxValue, Session, long.MaxValue);
    }

    private static ConversationItem Item(TraceItem trace, DateTimeOffset now) => new()
    {
        Trace = trace.Id,
        Name = trace.Name,
        Input = trace.Input,
        Output = trace.Output,
        Traces = 1,
        Failed = trace.Status == "ERROR" ? 1 : 0,
        Running = trace.Status == "RUNNING" && IsRecent(Math.Max(trace.Start + trace.Duration, trace.Received), now),
        Model = trace.Model,
        User = trace.User,
        Duration = trace.Duration,
        Last = trace.Start + trace.Duration,
        Sums = trace.Sums,
        Scores = trace.Scores,
    };

    private static ConversationItem Item(SqliteConnection connection, SessionItem session, bool runs, DateTimeOffset now)
    {
        TraceItem? only = session.Traces == 1
            ? TraceList.Read(connection, new() { Session = session.Id }, 1, null).Items.SingleOrDefault() : null;
        return new()
        {
            Session = session.Id,
            Trace = only?.Id,
            Name = only?.Name,
            Input = session.Input,
            Output = session.Output,
            Traces = session.Traces,
            Failed = session.Failed,
            Running = runs && IsRecent(session.Last, now),
            Model = session.Model,
            User = session.User,
            Duration = session.Duration,
            Last = session.Last,
            Sums = session.Sums,
            Scores = only?.Scores ?? [],
        };
    }

    private static bool IsRecent(double milliseconds, DateTimeOffset now) =>
        now.ToUnixTimeMilliseconds() - milliseconds < RunsAtMost.TotalMilliseconds;
}

/// <summary>The answer of <c>GET /api/conversations</c>.</summary>
/// <remarks>Live events behind <see cref="Commit"/> are news to the page.</remarks>
internal sealed record ConversationPage(IReadOnlyList<ConversationItem> Items, string? Next, long Commit);

/// <summary>A session, or a trace that belongs to none.</summary>
internal sealed record ConversationItem
{
    public string? Session { get; init; }

    /// <summary>The trace, when there is only one.</summary>
    public string? Trace { get; init; }

    public string? Name { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public long Traces { get; init; }

    /// <summary>How many of its traces failed.</summary>
    public long Failed { get; init; }

    public bool Running { get; init; }

    public string? Model { get; init; }

    public string? User { get; init; }

    public double Duration { get; init; }

    public double Last { get; init; }

    public required SumItem Sums { get; init; }

    public IReadOnlyList<ScoreItem> Scores { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConversationPage))]
internal sealed partial class ConversationsJson : JsonSerializerContext;
