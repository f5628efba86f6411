using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>One trace: its heads in one answer, and the contents of one span.</summary>
internal static class TraceApi
{
    public static void Map(IEndpointRouteBuilder routes, Store store)
    {
        AnswerCache answers = new();
        routes.MapGet("/api/traces/{id}", context => HeadsAsync(context, store, answers));
        routes.MapGet("/api/traces/{id}/otlp", async context =>
        {
            using SqliteConnection connection = store.OpenReader();
            if (!Ids.TryParse(context.Route("id"), out UInt128 id))
            {
                await Answers.NotFoundAsync(context, "trace");
                return;
            }

            await using StringWriter lines = new();
            Commands.ExportCommand.Write(connection, [id], lines);
            context.Response.ContentType = "application/jsonl; charset=utf-8";
            await context.Response.WriteAsync(lines.ToString(), context.RequestAborted);
        });
        routes.MapGet("/api/traces/{id}/spans/{span}", context => SpanAsync(context, store));
    }

    /// <summary>Concludes what happened in a trace. Arguments of tools are read only where the same tool was called often.</summary>
    public static Conclusion Conclude(SqliteConnection connection, UInt128 trace, TraceHeads heads, TimeProvider time)
    {
        using StoredSpans spans = new(connection);
        return Conclusion.Of(heads.Facts, Arguments, (time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100);

        string? Arguments(string id) => Ids.TryParse(id, out UInt128 key) ? spans.Find(trace, key)?.Read().ToolArguments : null;
    }

    private static Task HeadsAsync(HttpContext context, Store store, AnswerCache answers)
    {
        using SqliteConnection connection = store.OpenReader();
        if (!Ids.TryParse(context.Route("id"), out UInt128 id) || TraceList.Find(connection, id) is not { } trace)
            return Answers.NotFoundAsync(context, "trace");
        if (Answers.IsKnown(context, $"{trace.Version}"))
            return Task.CompletedTask;

        if (answers.Find(id, trace.Version) is { } known)
            return Answers.WriteAsync(context, known);

        var heads = TraceHeads.Read(connection, id, trace);
        Conclusion conclusion = Conclude(connection, id, heads, store.Time);
        TraceAnswer answer = new(trace, ConclusionItem.Of(conclusion), HeadColumns.Of(heads, trace), Head(connection, id));
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Default.TraceAnswer);

        // How long a trace has been running is a part of the answer.
        if (conclusion.Outcome != Outcome.Running)
            answers.Keep(id, trace.Version, json);
        return Answers.WriteAsync(context, json);
    }

    private static async Task SpanAsync(HttpContext context, Store store)
    {
        using SqliteConnection connection = store.OpenReader();
        if (!Ids.TryParse(context.Route("id"), out UInt128 trace) || SpanKey(context.Route("span"), trace) is not { } key)
        {
            await Answers.NotFoundAsync(context, "span");
            return;
        }

        using StoredSpans spans = new(connection);
        if (spans.Find(trace, key) is not { } span)
        {
            await Answers.NotFoundAsync(context, "span");
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await using Utf8JsonWriter json = new(context.Response.BodyWriter);
        SpanContent.Write(json, span);
    }

    /// <summary>Understands the 32 digits of the viewer's own key, and the 16 of OpenTelemetry's span id.</summary>
    private static UInt128? SpanKey(string text, UInt128 trace)
    {
        if (Ids.TryParse(text, out UInt128 key))
            return key;
        return text.Length == 16
            && ulong.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture,
            out ulong span)
            ? Ids.Span(trace, span)
            : null;
    }

    /// <summary>The fields of a trace that came over PandaProbe's REST API.</summary>
    private static JsonElement? Head(SqliteConnection connection, UInt128 id)
    {
        using Statement row = new(connection, "SELECT head FROM trace WHERE trace_id = ?1 AND head IS NOT NULL");
        return row.Bind(1, id).Step() ? JsonElement.Parse(row.Blob(0)) : null;
    }
}

/// <summary>The answer of <c>GET /api/traces/{id}</c>.</summary>
/// <remarks><see cref="Head"/> holds the trace's own fields where it came over PandaProbe's REST API: input, output and metadata.</remarks>
internal sealed record TraceAnswer(TraceItem Trace, ConclusionItem Conclusion, HeadColumns Spans, JsonElement? Head);

/// <summary>What happened, in one sentence and as facts.</summary>
internal sealed record ConclusionItem(
    string Sentence, string Outcome, string? FailedSpan, string? FailedIn, string? Error, int Retries, bool Recovered,
    IReadOnlyList<LoopItem> Loops)
{
    public static ConclusionItem Of(Conclusion conclusion) => new(
        conclusion.Sentence, conclusion.Outcome.ToString().ToUpperInvariant(), conclusion.Failure?.StepId, conclusion.Failure?.In,
        conclusion.Failure?.Error,
        conclusion.Failure?.Retries ?? 0, conclusion.Failure?.Recovered ?? false,
        [.. conclusion.Loops.Select(static loop => new LoopItem(loop.Tool, loop.Times, loop.FirstId, loop.Arguments))]);
}

/// <summary>A tool that was called with the same arguments again and again.</summary>
internal sealed record LoopItem(string Tool, int Times, string FirstSpan, string? Arguments);
