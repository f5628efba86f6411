using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Serving.Rest;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving.Rest;

/// <summary>PandaProbe's REST API as far as applications write to it. What is wrong with a request is said as the API says it.</summary>
internal sealed class RestWrites(Store store)
{
    private const int MostSpans = 500;
    private const int LongestColumn = 255;

    /// <summary>What spans of the REST API have in common: no resource and no scope.</summary>
    private static readonly Chunk Origin = SpanRowMaker.ChunkOf(new ResourceSpans { ScopeSpans = { new ScopeSpans() } });

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/traces", context => RestAnswers.HandleAsync(context, PostTraceAsync));
        routes.MapPost("/traces/{id}/spans", context => RestAnswers.HandleAsync(context, PostSpansAsync));
        routes.MapPatch("/traces/{id}", context => RestAnswers.HandleAsync(context, PatchTraceAsync));
        routes.MapPatch("/traces/{id}/spans/{span}", context => RestAnswers.HandleAsync(context, PatchSpanAsync));
        routes.MapPost("/evaluations/trace-scores", context => RestAnswers.HandleAsync(context, PostScoreAsync));
    }

    private async Task PostTraceAsync(HttpContext context)
    {
        (JsonElement document, int size) = await RestAnswers.ReadAsync(context, "TraceCreate");
        Guid id = document.TryGetProperty("trace_id", out JsonElement given) && given.ValueKind == JsonValueKind.String
            ? given.GetGuid() : Guid.NewGuid();
        UInt128 trace = Ids.FromGuid(id);
        JsonObject fields = JsonObject.Create(document)!;
        fields.Remove("spans");
        List<SpanRow> spans = document.TryGetProperty("spans", out JsonElement list) ? Rows(trace, list) : [];
        await store.WriteAsync(new() { Head = new(trace, fields, Replaces: false), Spans = spans, Size = size * 3L });
        await RestAnswers.WriteAsync(
            context, StatusCodes.Status202Accepted,
            new JsonObject { ["trace_id"] = id.ToString(), ["task_id"] = Guid.NewGuid().ToString() });
    }

    private async Task PostSpansAsync(HttpContext context)
    {
        (JsonElement document, int size) = await RestAnswers.ReadAsync(context, "SpanCreate", isList: true);
        if (document.GetArrayLength() is 0 or > MostSpans)
            throw new RestException(StatusCodes.Status422UnprocessableEntity, $"A request has 1 to {MostSpans} spans.");

        UInt128 trace = ExistingTrace(context);
        List<SpanRow> rows = Rows(trace, document);
        await store.WriteAsync(new() { Spans = rows, Size = size * 3L });
        await RestAnswers.WriteAsync(
            context, StatusCodes.Status201Created,
            new JsonObject
            {
                ["span_ids"] = new JsonArray(
            [.. rows.Select(static row => JsonValue.Create(Ids.ToGuid(row.Key).ToString()))])
            });
    }

    private async Task PatchTraceAsync(HttpContext context)
    {
        (JsonElement document, int size) = await RestAnswers.ReadAsync(context, "TraceUpdate");
        UInt128 trace = ExistingTrace(context);
        await store.WriteAsync(new() { Head = new(trace, JsonObject.Create(document)!, Replaces: true), Size = size * 3L });
        using SqliteConnection connection = store.OpenReader();
        await RestAnswers.WriteAsync(context, StatusCodes.Status200OK, RestTraces.Whole(connection, trace)!);
    }

    private async Task PatchSpanAsync(HttpContext context)
    {
        (JsonElement document, int size) = await RestAnswers.ReadAsync(context, "SpanUpdate");
        UInt128 trace = ExistingTrace(context);
        StoredSpan? stored;
        using (SqliteConnection connection = store.OpenReader())
        {
            using StoredSpans spans = new(connection);
            stored = Guid.TryParseExact(context.Route("span"), "D", out Guid span) ? spans.Find(trace, Ids.FromGuid(span)) : null;
        }

        if (stored is null)
            throw new RestException(StatusCodes.Status404NotFound, "Span not found");

        RestSpans.Apply(stored.Span, document);
        SpanRow identity = new()
        {
            Trace = stored.Trace,
            Key = stored.Key,
            Parent = stored.Parent,
            Source = stored.Source == SpanSource.Otlp
            ? SpanSource.Otlp : SpanSource.Rest
        };
        SpanRow row = SpanRowMaker.Make(
            stored.Span, stored.Whole.Resource, stored.Whole.ScopeSpans[0].Scope, OriginOf(stored), stored.Logs, identity);
        await store.WriteAsync(new() { Spans = [row], Size = size * 3L });
        using SqliteConnection reader = store.OpenReader();
        using StoredSpans again = new(reader);
        await RestAnswers.WriteAsync(context, StatusCodes.Status200OK, RestTraces.Span(again.Find(trace, row.Key)!, trace));
    }

    private async Task PostScoreAsync(HttpContext context)
    {
        (JsonElement document, int size) = await RestAnswers.ReadAsync(context, "CreateTraceScoreRequest");
        string value = document.GetProperty("value").GetString()!;
        string name = document.GetProperty("name").GetString()!;
        string type = Text(document, "data_type") ?? "NUMERIC";
        if (type == "NUMERIC"
            && !(double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1))
        {
            throw new RestException(StatusCodes.Status422UnprocessableEntity, "value: must be in [0.0, 1.0]");
        }

        // PandaProbe's columns end there, and it answers 500.
        if (name.Length > LongestColumn || value.Length > LongestColumn)
            throw new RestException(StatusCodes.Status422UnprocessableEntity, $"name and value have at most {LongestColumn} characters.");

        ScoreRow score = new()
        {
            Id = Ids.FromGuid(Guid.NewGuid()),
            Trace = Ids.FromGuid(document.GetProperty("trace_id").GetGuid()),
            Name = name,
            Type = type,
            Value = value,
            Source = Text(document, "source") ?? "PROGRAMMATIC",
            Reason = Text(document, "reason"),
            Metadata = document.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.GetRawText() : null,
        };
        await store.WriteAsync(new() { Scores = [score], Size = size * 3L });
        using SqliteConnection connection = store.OpenReader();
        await RestAnswers.WriteAsync(context, StatusCodes.Status201Created, RestScores.Find(connection, score.Id)!);
    }

    private static Chunk OriginOf(StoredSpan stored) => SpanRowMaker.ChunkOf(
        SpanRowMaker.Origin(stored.Whole.Resource, stored.Whole.SchemaUrl, stored.Whole.ScopeSpans[0]));

    private static List<SpanRow> Rows(UInt128 trace, JsonElement spans)
    {
        List<SpanRow> rows = [];
        foreach (JsonElement span in spans.EnumerateArray())
        {
            UInt128 key = Ids.FromGuid(
                span.TryGetProperty("span_id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetGuid() : Guid.NewGuid());
            rows.Add(RestSpans.Row(trace, key, span, Origin));
        }

        return rows;
    }

    /// <summary>A trace that is a part of another one is found by the id of its first span.</summary>
    private UInt128 ExistingTrace(HttpContext context)
    {
        if (!Guid.TryParseExact(context.Route("id"), "D", out Guid id))
            throw new RestException(StatusCodes.Status422UnprocessableEntity, "trace_id: is not a uuid");

        using SqliteConnection connection = store.OpenReader();
        return RestTraces.Resolve(connection, Ids.FromGuid(id))
            ?? throw new RestException(StatusCodes.Status404NotFound, "Trace not found");
    }

    private static string? Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
