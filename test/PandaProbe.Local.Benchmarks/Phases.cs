using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Benchmarks;

/// <summary>Where the time of a span goes, in this process and on one thread.</summary>
internal static class Phases
{
    private const int Rounds = 60;

    /// <summary>Processor time: other programs on the machine do not count.</summary>
    private static TimeSpan Used => Environment.CpuUsage.TotalTime;

    public static async Task MeasureAsync()
    {
        string directory = Directory.CreateTempSubdirectory("pandaprobe-local-phases-").FullName;
        Random random = new(1);
        RecordedRequest[] requests = [.. Enumerable.Range(0, 8).Select(static seed => new RecordedRequest(seed))];
        await using (var store = Store.Open(new(Path.Combine(directory, "traces.db"))))
        {
            for (int warm = 0; warm < 2; warm++)
            {
                TimeSpan parse = default, read = default, fold = default, row = default, write = default;
                for (int i = 0; i < Rounds; i++)
                {
                    RecordedRequest request = requests[i % requests.Length];
                    request.Renew(random);
                    TimeSpan at = Used;
                    ExportTraceServiceRequest message = ExportTraceServiceRequest.Parser.ParseFrom(request.Bytes);
                    parse += Used - at;
                    ResourceSpans resource = message.ResourceSpans[0];
                    ScopeSpans scope = resource.ScopeSpans[0];
                    at = Used;
                    foreach (Span span in scope.Spans)
                        SpanReader.Read(span, resource.Resource, scope.Scope, []);
                    read += Used - at;
                    at = Used;
                    foreach (Span span in scope.Spans)
                        FoldedBody.Fold(span.ToByteArray());
                    fold += Used - at;
                    at = Used;
                    Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(resource, scope));
                    List<Range> slices = SpanSlices.Find(request.Bytes);
                    SpanRow[] rows = [.. scope.Spans.Select((span, number) => SpanRowMaker.Make(
                        span, resource.Resource, scope.Scope, origin, [], null, request.Bytes.AsSpan(slices[number])))];
                    row += Used - at;
                    at = Used;
                    await store.WriteAsync(new() { Spans = rows });
                    write += Used - at;
                }

                double spans = Rounds * RecordedRequest.Spans;
                Console.WriteLine(
                    $"µs a span: parse {parse.TotalMicroseconds / spans:0.0}, read {read.TotalMicroseconds / spans:0.0}, fold {fold.TotalMicroseconds / spans:0.0}, "
                    + $"row (read, fold and the rest) {row.TotalMicroseconds / spans:0.0}, write {write.TotalMicroseconds / spans:0.0}");
            }
        }

        Directory.Delete(directory, recursive: true);
    }
}
