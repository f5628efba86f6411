using System.Buffers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>
/// Writes traces as lines of OTLP JSON, as OpenTelemetry's collector does: any backend reads them, and so does <c>import</c>.
/// </summary>
internal static class ExportCommand
{
    // A line is one request. Receivers bound those.
    private const int SpansPerLine = 500;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (CommandOptions.TryParse(
            args, ["--out", "--session", "--store"], ["--all", "--json"], int.MaxValue, out CommandOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        using var file = StoreFile.TryOpen(options["--store"], error);
        if (file is null)
            return 1;

        List<UInt128> traces = [];
        foreach (string wanted in options.Rest)
        {
            (TraceItem? trace, string? reason) = TraceFinder.Find(file.Connection, wanted);
            if (trace is null)
            {
                await error.WriteLineAsync(reason);
                return 1;
            }

            traces.Add(TraceFinder.IdOf(trace));
        }

        if (options["--session"] is { } session)
        {
            traces.AddRange(Find(
                file.Connection, "SELECT trace_id FROM trace WHERE session = (SELECT id FROM session WHERE name = ?1) ORDER BY start, id",
                session));
        }
        else if (options.Has("--all"))
        {
            traces.AddRange(Find(file.Connection, "SELECT trace_id FROM trace ORDER BY start, id", null));
        }

        if (traces.Count == 0)
        {
            await error.WriteLineAsync("Nothing to export: name traces, or give --session or --all.");
            return 2;
        }

        if (options["--out"] is not { } path)
        {
            Write(file.Connection, traces, output);
            return 0;
        }

        await using StreamWriter target = new(path);
        int lines = Write(file.Connection, traces, target);
        await error.WriteLineAsync($"{traces.Count:N0} traces were written to {Path.GetFullPath(path)}, in {lines:N0} lines.");
        return 0;
    }

    /// <summary>Writes traces one by one, and returns how many lines it took.</summary>
    public static int Write(SqliteConnection connection, IEnumerable<UInt128> traces, TextWriter output)
    {
        using StoredSpans spans = new(connection);
        int lines = 0;
        foreach (UInt128 trace in traces)
        {
            foreach (StoredSpan[] part in spans.OfTrace(trace).Chunk(SpansPerLine))
            {
                lines++;
                WriteLine(output, json => OtlpJsonWriter.Write(json, Merge(part)));
            }

            ResourceLogs[] logs = [.. spans.LogsOfTrace(trace)];
            if (logs.Length > 0)
            {
                lines++;
                WriteLine(output, json => OtlpJsonWriter.Write(json, logs));
            }

            if (TraceExtras.Line(connection, trace) is { } extras)
            {
                lines++;
                output.WriteLine(extras);
            }
        }

        return lines;
    }

    /// <summary>Puts spans of the same resource and scope together again.</summary>
    private static List<ResourceSpans> Merge(IEnumerable<StoredSpan> spans)
    {
        List<ResourceSpans> merged = [];
        Dictionary<ResourceSpans, ResourceSpans> known = [];
        foreach (StoredSpan stored in spans)
        {
            Span span = stored.Span;
            ResourceSpans origin = stored.Whole;
            origin.ScopeSpans[0].Spans.Clear();
            if (!known.TryGetValue(origin, out ResourceSpans? group))
            {
                known[origin.Clone()] = group = origin;
                merged.Add(group);
            }

            group.ScopeSpans[0].Spans.Add(span);
        }

        return merged;
    }

    private static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
            write(json);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static List<UInt128> Find(SqliteConnection connection, string sql, string? value)
    {
        using Statement rows = new(connection, sql);
        if (value is not null)
            rows.Bind(1, value);
        List<UInt128> traces = [];
        while (rows.Step())
            traces.Add(rows.Id(0));
        return traces;
    }
}
