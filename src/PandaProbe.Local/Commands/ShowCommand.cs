using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Shows a trace, or the traces of a session, as the repository's README prints them.</summary>
internal static class ShowCommand
{
    // A session of more turns is shown up to here, and says so.
    private const int MostTraces = 100;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider time)
    {
        if (CommandOptions.TryParse(args, ["--store"], ["--json"], 1, out CommandOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        using var file = StoreFile.TryOpen(options["--store"], error);
        if (file is null)
            return 1;

        string wanted = options.Rest is [{ } given] ? given : TraceFinder.Latest;
        List<TraceItem> traces = [];
        string? more = null;
        if (SessionList.Find(file.Connection, wanted) is { } session)
        {
            Page<TraceItem> page = TraceList.Read(file.Connection, new() { Session = session.Id, OldestFirst = true }, MostTraces, null);
            traces.AddRange(page.Items);
            more = page.Next is null
                ? null : $"The first {MostTraces} of {session.Traces:N0} traces are shown; all are at {file.Pages}sessions/{Uri.EscapeDataString(session.Id)}";
        }
        else if (TraceFinder.Find(file.Connection, wanted) is var (trace, reason))
        {
            if (trace is null)
            {
                await error.WriteLineAsync(reason);
                return 1;
            }

            traces.Add(trace);
        }

        if (options.Has("--json"))
        {
            foreach (TraceItem trace in traces)
                await output.WriteLineAsync(Json(file, trace, time));
            return 0;
        }

        if (traces.Count > 0)
            TreeText.WriteHeading(output, traces[0].Session, traces[0].User);
        List<Conclusion> conclusions = [.. traces.Select(trace => Write(output, file, trace, time))];
        if (more is not null)
            await output.WriteLineAsync(more);
        else if (conclusions.Count > 1)
            await output.WriteLineAsync($"Session: {SessionConclusion.Of(conclusions).Sentence}");
        return 0;
    }

    /// <summary>Prints the tree, what happened, and where to see it.</summary>
    public static Conclusion Write(TextWriter output, StoreFile file, TraceItem trace, TimeProvider time)
    {
        (TraceHeads heads, Conclusion conclusion) = Read(file.Connection, trace, time);
        TreeText.Write(output, heads.Facts);
        output.WriteLine();
        output.WriteLine(TreeText.Line(conclusion.Sentence));
        output.WriteLine($"{file.Pages}traces/{trace.Id}");
        output.WriteLine();
        return conclusion;
    }

    /// <summary>Returns the trace, what happened, and its spans as one line of JSON.</summary>
    public static string Json(StoreFile file, TraceItem trace, TimeProvider time)
    {
        (TraceHeads heads, Conclusion conclusion) = Read(file.Connection, trace, time);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("trace");
            JsonSerializer.Serialize(json, trace, ApiJson.Default.TraceItem);
            json.WriteString("sentence", conclusion.Sentence);
            json.WriteString("outcome", conclusion.Outcome.ToString().ToUpperInvariant());
            json.WriteString("link", $"{file.Pages}traces/{trace.Id}");
            json.WriteStartArray("spans");
            foreach ((SpanHead span, int depth) in heads.Ordered)
                WriteSpan(json, span.Facts, depth);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (TraceHeads Heads, Conclusion Conclusion) Read(SqliteConnection connection, TraceItem trace, TimeProvider time)
    {
        UInt128 id = TraceFinder.IdOf(trace);
        var heads = TraceHeads.Read(connection, id, trace);
        return (heads, TraceApi.Conclude(connection, id, heads, time));
    }

    private static void WriteSpan(Utf8JsonWriter json, StepFacts span, int depth)
    {
        json.WriteStartObject();
        json.WriteString("id", span.Id);
        if (span.ParentId is not null)
            json.WriteString("parent", span.ParentId);
        json.WriteNumber("depth", depth);
        json.WriteString("kind", SpanRowMaker.KindName(span.Kind));
        json.WriteString("name", span.Name);
        json.WriteNumber("start", Times.Milliseconds(span.Start));
        if (!span.IsRunning)
            json.WriteNumber("duration", span.Duration.TotalMilliseconds);
        json.WriteBoolean("isError", span.IsError);
        if (span.Error is not null)
            json.WriteString("error", span.Error);
        if (span.Model is not null)
            json.WriteString("model", span.Model);
        json.WriteBoolean("counts", span.Counts);
        Number("inputTokens", span.Input);
        Number("outputTokens", span.Output);
        Number("cacheReadTokens", span.CacheRead);
        Number("reasoningTokens", span.Reasoning);
        if (span.Cost is { } cost)
        {
            json.WriteNumber("cost", cost);
            json.WriteBoolean("costIsEstimated", span.CostIsEstimated);
        }

        json.WriteEndObject();

        void Number(string name, long? number)
        {
            if (number is { } known)
                json.WriteNumber(name, known);
        }
    }
}
