using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Benchmarks;

/// <summary>Where the time of the heads of a large trace goes, in this process. Processor time: other programs do not count.</summary>
internal static class HeadPhases
{
    private const int Rounds = 5;

    private static TimeSpan Used => Environment.CpuUsage.TotalTime;

    public static async Task MeasureAsync()
    {
        foreach (int count in (int[])[10_000, 100_000])
        {
            string directory = Directory.CreateTempSubdirectory("pandaprobe-local-heads-").FullName;
            await using (var store = Store.Open(new(Path.Combine(directory, "traces.db"))))
            {
                byte[] trace = Guid.NewGuid().ToByteArray();
                for (int sent = 0; sent < count; sent += 1000)
                {
                    ExportTraceServiceRequest message = Measurements.Large(trace, sent, 1000);
                    ResourceSpans resource = message.ResourceSpans[0];
                    ScopeSpans scope = resource.ScopeSpans[0];
                    Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(resource, scope));
                    await store.WriteAsync(
                        new() { Spans = [.. scope.Spans.Select(span => SpanRowMaker.Make(span, null, scope.Scope, origin, []))] });
                }

                for (int round = 0; round < Rounds; round++)
                    Measure(store, Ids.Read(trace), count, isShown: round is 0 or Rounds - 1);
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Measure(Store store, UInt128 id, int count, bool isShown)
    {
        using SqliteConnection connection = store.OpenReader();
        TraceItem trace = TraceList.Find(connection, id)!;
        TimeSpan begun = Used;
        var heads = TraceHeads.Read(connection, id, trace);
        TimeSpan read = Used;
        Conclusion conclusion = TraceApi.Conclude(connection, id, heads, store.Time);
        TimeSpan concluded = Used;
        var columns = HeadColumns.Of(heads, trace);
        TimeSpan made = Used;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            new(trace, ConclusionItem.Of(conclusion), columns, null), ApiJson.Default.TraceAnswer);
        TimeSpan written = Used;
        if (isShown)
        {
            Console.WriteLine(
                $"{count:N0} spans, processor ms: read and tree {(read - begun).TotalMilliseconds:0}, conclude {(concluded - read).TotalMilliseconds:0}, "
                + $"columns {(made - concluded).TotalMilliseconds:0}, JSON {(written - made).TotalMilliseconds:0}; {json.Length:N0} bytes");
        }
    }
}
