using OpenTelemetry.Proto.Collector.Trace.V1;
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
                for (int i = 0; i < Rounds; i++)
                {
                    requests[i % requests.Length].Renew(random);
                    await MeasureAsync(store, requests[i % requests.Length].Bytes, phases);
                }

                const double spans = Rounds * RecordedRequest.Spans;
                perSpan = phases.TimeOf("parse", "row", "write").TotalMicroseconds / spans;
                Console.WriteLine($"a span: {phases.Describe(spans)}; parse, row and write {perSpan:N1} µs");
            }
        }

        Directory.Delete(directory, recursive: true);
        Control control = RowPerAttribute.Measure();
        Console.WriteLine($"{control.Microseconds / perSpan:0.0} times less processor time than a row per attribute");
    }

    private static async Task MeasureAsync(Store store, byte[] bytes, PhaseSums phases)
    {
        ExportTraceServiceRequest message;
        using (phases.Begin("parse"))
            message = ExportTraceServiceRequest.Parser.ParseFrom(bytes);

        ResourceSpans resource = message.ResourceSpans[0];
        ScopeSpans scope = resource.ScopeSpans[0];
        List<Range> slices = SpanSlices.Find(bytes);
        using (phases.Begin("read (a part of row)"))
        {
            foreach (Span span in scope.Spans)
                SpanReader.Read(span, resource.Resource, scope.Scope, []);
        }

        using (phases.Begin("fold (a part of row)"))
        {
            foreach (Range slice in slices)
                FoldedBody.Fold(bytes.AsSpan(slice));
        }

        SpanRow[] rows;
        using (phases.Begin("row"))
        {
            Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(resource, scope));
            rows = [.. scope.Spans.Select((span, number) => SpanRowMaker.Make(
                span, resource.Resource, scope.Scope, origin, [], null, bytes.AsSpan(slices[number])))];
        }

        using (phases.Begin("write"))
            await store.WriteAsync(new() { Spans = rows });
    }
}
