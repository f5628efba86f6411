using System.Text.Json;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Benchmarks;

/// <summary>Where the time of the heads of a large trace goes, in this process.</summary>
internal static class HeadPhases
{
    private const int Rounds = 5;

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
                    ResourceSpans resource = Measurements.Large(trace, sent, 1000).ResourceSpans[0];
                    ScopeSpans scope = resource.ScopeSpans[0];
                    Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(resource.Resource, "", scope));
                    await store.WriteAsync(
                        new() { Spans = [.. scope.Spans.Select(span => SpanRowMaker.Make(span, null, scope.Scope, origin, []))] });
                }

                for (int round = 0; round < Rounds; round++)
                {
                    string phases = Measure(store, Ids.Read(trace));
                    if (round is 0 or Rounds - 1)
                        Console.WriteLine($"{count:N0} spans, round {round + 1}: {phases}");
                }
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Measure(Store store, UInt128 id)
    {
        PhaseSums phases = new();
        using SqliteConnection connection = store.OpenReader();
        TraceItem trace = TraceList.Find(connection, id)!;
        TraceHeads heads;
        using (phases.Begin("read and tree"))
            heads = TraceHeads.Read(connection, id, trace);
        Conclusion conclusion;
        using (phases.Begin("conclude"))
            conclusion = TraceApi.Conclude(connection, id, heads, store.Time);
        HeadColumns columns;
        using (phases.Begin("columns"))
            columns = HeadColumns.Of(heads, trace);
        byte[] json;
        TraceAnswer answer = new(trace, ConclusionItem.Of(conclusion), columns, null);
        using (phases.Begin("JSON"))
            json = JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Default.TraceAnswer);
        return $"{phases.Describe(1)}; {json.Length:N0} bytes";
    }
}
