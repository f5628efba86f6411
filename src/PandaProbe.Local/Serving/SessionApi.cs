using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>One session: its sums, and its conversation over all its traces.</summary>
internal static class SessionApi
{
    private const int TracesOfPage = 20;

    public static void Map(IEndpointRouteBuilder routes, Store store) =>
        routes.MapGet("/api/sessions/{id}", context => ConversationAsync(context, store));

    private static async Task ConversationAsync(HttpContext context, Store store)
    {
        using SqliteConnection connection = store.OpenReader();
        if (SessionList.Find(connection, context.Route("id")) is not { } session)
        {
            await Answers.NotFoundAsync(context, "session");
            return;
        }

        string? after = context.Text("after");
        if (Answers.IsKnown(context, $"{session.Version}.{after}"))
            return;

        Page<TraceItem> page = TraceList.Read(
            connection, new() { Session = session.Id, OldestFirst = true }, context.Limit(TracesOfPage), after);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await using Utf8JsonWriter json = new(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WritePropertyName("session");
        JsonSerializer.Serialize(json, session, ApiJson.Default.SessionItem);
        json.WriteStartArray("traces");
        Transcript transcript = new(connection);
        List<Conclusion> conclusions = [];
        foreach (TraceItem trace in page.Items)
        {
            UInt128 id = Ids.Parse(trace.Id);
            var heads = TraceHeads.Read(connection, id, trace);
            Conclusion conclusion = TraceApi.Conclude(connection, id, heads, store.Time);
            conclusions.Add(conclusion);
            json.WriteStartObject();
            json.WritePropertyName("trace");
            JsonSerializer.Serialize(json, trace, ApiJson.Default.TraceItem);
            json.WriteString("sentence", conclusion.Sentence);
            json.WritePropertyName("steps");
            transcript.Write(json, id, heads);
            json.WriteEndObject();
            await json.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        if (after is null && page.Next is null)
            json.WriteString("sentence", SessionConclusion.Of(conclusions).Sentence);
        if (page.Next is not null)
            json.WriteString("next", page.Next);
        json.WriteEndObject();
    }
}

/// <summary>
/// Writes the steps of traces that a reader of the conversation wants to see: calls to models, tools, retrievers, and failures. Messages
/// that the session has shown already are only counted: agents send their whole history with every call.
/// </summary>
internal sealed class Transcript(SqliteConnection connection)
{
    private const int MostSteps = 500;

    private readonly HashSet<UInt128> _seen = [];
    private readonly System.Buffers.ArrayBufferWriter<byte> _draft = new();

    public void Write(Utf8JsonWriter json, UInt128 trace, TraceHeads heads)
    {
        using StoredSpans spans = new(connection);
        json.WriteStartArray();
        List<SpanHead> shown = [.. heads.Ordered.Select(static item => item.Span).Where(IsShown).OrderBy(static span => span.Facts.Start)];
        if (!shown.Exists(static span => span.Facts.IsCall) && heads.Ordered.Count > 0)
            shown.Insert(0, heads.Ordered[0].Span);
        foreach (SpanHead span in shown.Take(MostSteps))
        {
            if (spans.Find(trace, span.Key) is not { } stored)
                continue;

            ReadSpan read = stored.Read();

            // An inner layer may not record contents while the outer one does.
            if (span.Facts.IsCall && read.Input.Count == 0 && read.Output.Count == 0 && Outer(heads, span) is { } outer
                && spans.Find(trace, outer)?.Read() is { } other)
            {
                (read.Input, read.Output) = (other.Input, other.Output);
            }

            Write(json, span, read);
        }

        json.WriteEndArray();
    }

    private static bool IsShown(SpanHead span) =>
        span.Facts.IsCall || span.Facts.Kind is StepKind.Tool or StepKind.Retriever
            || (span.Facts.IsError && span.Facts.Kind != StepKind.Llm);

    private static UInt128? Outer(TraceHeads heads, SpanHead span) =>
        heads.Ordered.FirstOrDefault(item => item.Span.Facts.Id == span.Facts.ParentId && item.Span.Facts.Kind == StepKind.Llm).Span?.Key;

    private void Write(Utf8JsonWriter json, SpanHead span, ReadSpan read)
    {
        json.WriteStartObject();
        json.WriteString("span", span.Facts.Id);
        json.WriteString("kind", SpanRowMaker.KindName(span.Facts.Kind));
        json.WriteString("name", span.Facts.Name);
        json.WriteNumber("start", Times.Milliseconds(span.Facts.Start));
        if (!span.Facts.IsRunning)
            json.WriteNumber("duration", span.Facts.Duration.TotalMilliseconds);
        json.WriteBoolean("isError", span.Facts.IsError);
        if (span.Facts.Error is { } error)
            json.WriteString("error", error);
        if (span.Facts.Model is { } model)
            json.WriteString("model", model);
        Number(json, "inputTokens", span.Facts.Input);
        Number(json, "outputTokens", span.Facts.Output);
        Number(json, "cacheReadTokens", span.Facts.CacheRead);
        if (span.Facts.Cost is { } cost)
            json.WriteNumber("cost", cost);

        int earlier = 0;
        while (earlier < read.Input.Count && _seen.Contains(Hash(read.Input[earlier])))
            earlier++;
        foreach (ReadMessage message in read.Input.Concat(read.Output))
            _seen.Add(Hash(message));
        json.WriteNumber("earlier", earlier);
        read.Input = [.. read.Input.Skip(earlier)];
        read.ToolDefinitions = null;
        SpanContent.WriteContent(json, read);
        json.WriteEndObject();
    }

    /// <summary>An answer becomes a part of the next call's history without its finish reason.</summary>
    private UInt128 Hash(ReadMessage message)
    {
        _draft.ResetWrittenCount();
        using (Utf8JsonWriter writer = new(_draft))
            MessageJson.Write(writer, message with { FinishReason = null });
        return FoldedBody.HashOf(_draft.WrittenSpan);
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
    }
}
