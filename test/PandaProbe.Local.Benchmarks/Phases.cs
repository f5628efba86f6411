using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Benchmarks;

/// <summary>Where the time of a span goes, in this process, beside a row per attribute.</summary>
internal static class Phases
{
    private const int Rounds = 100;
    private const int Passes = 3;

    public static async Task MeasureAsync()
    {
        string directory = Directory.CreateTempSubdirectory("pandaprobe-local-phases-").FullName;
        double perSpan = 0;
        await using (var store = Store.Open(new(Path.Combine(directory, "traces.db"))))
        {
            Random random = new(1);
            RecordedRequest[] requests = [.. Enumerable.Range(0, 8).Select(static seed => new RecordedRequest(seed))];

            // The first passes run code that is not optimized yet.
            for (int pass = 0; pass < Passes; pass++)
            {
                PhaseSums phases = new();
                int collections = GC.CollectionCount(0);
                TimeSpan paused = GC.GetTotalPauseDuration();
                for (int i = 0; i < Rounds; i++)
                {
                    requests[i % requests.Length].Renew(random);
                    await MeasureAsync(store, requests[i % requests.Length].Bytes, phases);
                }

                const double spans = Rounds * RecordedRequest.Spans;
                perSpan = phases.TimeOf("parse", "row", "write").TotalMicroseconds / spans;
                Console.WriteLine($"a span: {phases.Describe(spans)}; parse, row and write {perSpan:N1} µs");
                Console.WriteLine(
                    $"{GC.CollectionCount(0) - collections} collections, {(GC.GetTotalPauseDuration() - paused).TotalMicroseconds / spans:N1} µs a span");
            }
        }

        Directory.Delete(directory, recursive: true);
        RowOfBytes.Measure(compressed: false);
        RowOfBytes.Measure(compressed: true);
        Control control = RowPerAttribute.Measure();
        Console.WriteLine($"{control.Microseconds / perSpan:0.0} times less processor time than a row per attribute");
    }

    private static async Task MeasureAsync(Store store, byte[] bytes, PhaseSums phases)
    {
        List<Span> spans = [];
        ReceivedSpans received;
        using (phases.Begin("parse"))
        {
            received = ReceivedSpans.Read(bytes)[0];
            foreach (Range range in received.Spans)
                spans.Add(Span.Parser.ParseFrom(bytes.AsSpan(range)));
        }

        using (phases.Begin("read (a part of row)"))
        {
            foreach (Span span in spans)
                SpanReader.Read(span, received.Resource, received.Scope.Scope, []);
        }

        using (phases.Begin("fold (a part of row)"))
        {
            foreach (Range range in received.Spans)
                FoldedBody.Fold(bytes.AsMemory(range));
        }

        SpanRow[] rows;
        using (phases.Begin("row"))
        {
            Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(received.Resource, "", received.Scope));
            rows = [.. spans.Select((span, number) => SpanRowMaker.Make(
                span, received.Resource, received.Scope.Scope, origin, [], null, bytes.AsMemory(received.Spans[number])))];
        }

        using (phases.Begin("write"))
            await store.WriteAsync(new() { Spans = rows });
    }
}
