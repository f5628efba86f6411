using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Two traces side by side.</summary>
internal static class CompareApi
{
    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/compare", context =>
    {
        using SqliteConnection connection = store.OpenReader();
        if (Find(connection, context.Text("a")) is not { } a || Find(connection, context.Text("b")) is not { } b)
            return Answers.NotFoundAsync(context, "trace");

        using StoredSpans spans = new(connection);
        return Answers.WriteAsync(context, Compare(connection, spans, a, b), CompareJson.Default.CompareAnswer);
    });

    private static TraceItem? Find(SqliteConnection connection, string? id) => Ids.TryParse(id, out UInt128 trace) ? TraceList.Find(connection, trace) : null;

    private static CompareAnswer Compare(SqliteConnection connection, StoredSpans spans, TraceItem a, TraceItem b)
    {
        Comparison comparison = Comparison.Of(Side(a), Side(b));
        return new(
            comparison.Sentence,
            new(a, comparison.Before.Sentence),
            new(b, comparison.After.Sentence),
            comparison.FirstTokenDelta?.TotalMilliseconds,
            [.. comparison.Steps.Select(static step => new ComparedRow(step.Depth, Row(step.Before), Row(step.After)))],
            comparison.Changes);

        (TraceFacts, Func<string, ReadSpan?>) Side(TraceItem item)
        {
            Ids.TryParse(item.Id, out UInt128 id);
            return (TraceHeads.Read(connection, id, item).Facts, key => Ids.TryParse(key, out UInt128 span) ? spans.Find(id, span)?.Read() : null);
        }
    }

    private static ComparedSpan? Row(StepFacts? step) => step is null ? null : new(
        step.Id, SpanRowMaker.KindName(step.Kind), step.Name, step.IsRunning ? null : step.Duration.TotalMilliseconds, step.Model, step.Input, step.Output,
        step.Cost, step.IsError, step.Error);
}

/// <summary>The answer of <c>GET /api/compare</c>. Changes that can explain others come first.</summary>
internal sealed record CompareAnswer(
    string Sentence, ComparedTrace A, ComparedTrace B, double? FirstTokenDelta, IReadOnlyList<ComparedRow> Steps, IReadOnlyList<StepChange> Changes);

/// <summary>A trace of the two, and what happened in it.</summary>
internal sealed record ComparedTrace(TraceItem Trace, string Sentence);

/// <summary>A span of both traces, or of one only.</summary>
internal sealed record ComparedRow(int Depth, ComparedSpan? A, ComparedSpan? B);

/// <summary>What is compared of a span at one look.</summary>
internal sealed record ComparedSpan(
    string Id, string Kind, string Name, double? Duration, string? Model, long? Input, long? Output, decimal? Cost, bool IsError, string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompareAnswer))]
internal sealed partial class CompareJson : JsonSerializerContext;
