using Microsoft.AspNetCore.Builder;
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
        using StoredSpans spans = new(connection);
        if (Load(connection, spans, context.Text("a")) is not { } before || Load(connection, spans, context.Text("b")) is not { } after)
            return Answers.NotFoundAsync(context, "trace");

        var comparison = Comparison.Of((before.Facts, before.Read), (after.Facts, after.Read));
        CompareAnswer answer = new(
            comparison.Sentence, before.Trace, after.Trace, ConclusionItem.Of(comparison.Before), ConclusionItem.Of(comparison.After),
            comparison.FirstTokenDelta?.TotalMilliseconds, [.. comparison.Steps.Select(CompareStep.Of)],
            [.. comparison.Changes.Select(CompareChange.Of)]);
        return Answers.WriteAsync(context, answer, ApiJson.Default.CompareAnswer);
    });

    private static (TraceItem Trace, TraceFacts Facts, Func<string, ReadSpan?> Read)? Load(
        SqliteConnection connection, StoredSpans spans, string? text)
    {
        if (!Ids.TryParse(text, out UInt128 id) || TraceList.Find(connection, id) is not { } trace)
            return null;

        return (trace, TraceHeads.Read(connection, id, trace).Facts, span => Ids.TryParse(span, out UInt128 key)
            ? spans.Find(id, key)?.Read() : null);
    }
}

/// <summary>The answer of <c>GET /api/compare</c>. Milliseconds, <c>b</c> less <c>a</c>.</summary>
internal sealed record CompareAnswer(
    string Sentence,
    TraceItem A,
    TraceItem B,
    ConclusionItem ConclusionA,
    ConclusionItem ConclusionB,
    double? FirstTokenDelta,
    IReadOnlyList<CompareStep> Steps,
    IReadOnlyList<CompareChange> Changes);

/// <summary>A row of both trees; a side is missing where only one trace has the span.</summary>
internal sealed record CompareStep(int Depth, CompareSpan? A, CompareSpan? B)
{
    public static CompareStep Of(ComparedStep step) => new(step.Depth, CompareSpan.Of(step.Before), CompareSpan.Of(step.After));
}

/// <summary>A span of one of the two trees.</summary>
internal sealed record CompareSpan(
    string Id, string Kind, string Name, double Start, double Duration, bool IsError, string? Error, string? Model, long? Input,
    long? Output, decimal? Cost, double? FirstToken)
{
    public static CompareSpan? Of(StepFacts? step) => step is null
        ? null
        : new(
            step.Id, SpanRowMaker.KindName(step.Kind), step.Name, Times.Milliseconds(step.Start), step.Duration.TotalMilliseconds,
            step.IsError, step.Error, step.Model,
            step.Input, step.Output, step.Cost, step.FirstToken is { } first ? Times.Milliseconds(first) : null);
}

/// <summary>What changed in a step. Texts come with their differences word by word, JSON by path.</summary>
internal sealed record CompareChange(
    string What, string Step, string SpanA, string SpanB, string? A, string? B, IReadOnlyList<WordChange>? Words,
    IReadOnlyList<JsonChange>? Json)
{
    private const int LongestCompared = 100_000;

    public static CompareChange Of(StepChange change)
    {
        bool isJson = change.What is "arguments" or "tools";
        bool isText = change.What is "system prompt" or "input" or "output" && (change.Before?.Length ?? 0)
            + (change.After?.Length ?? 0) <= LongestCompared;
        return new(
            change.What, change.Step, change.BeforeId, change.AfterId, change.Before, change.After,
            isText ? [.. WordDiff.Of(change.Before ?? "", change.After ?? "")
            .Select(static part => new WordChange(part.Change.ToString().ToUpperInvariant(), part.Text))] : null,
            isJson ? [.. JsonDiff.Of(change.Before, change.After).Select(static part => new JsonChange(part.Path, part.Before, part.After))]
            : null);
    }
}

/// <summary>A piece of text: <c>SAME</c>, <c>REMOVED</c> or <c>ADDED</c>.</summary>
internal sealed record WordChange(string Change, string Text);

/// <summary>A value at a path of JSON.</summary>
internal sealed record JsonChange(string Path, string? A, string? B);
