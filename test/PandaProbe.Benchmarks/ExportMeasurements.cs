using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Writing;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Assembling and writing traces without a network, beside OpenTelemetry's OTLP exporter on the same spans in the same run. <c>dotnet run
/// -c Release -- export</c>
/// </summary>
internal static class ExportMeasurements
{
    private const int Traces = 30;
    private const int SpansPerTrace = 10;
    private const int Rounds = 401;
    private const int Repeats = 1;

    public static void Run()
    {
        string content = JsonSerializer.Serialize(new[]
        {
            new { role = "system", parts = new[] { new { type = "text", content = "You are terse." } } },
            new { role = "user",
            parts = new[] { new { type = "text",
            content = string.Concat(Enumerable.Repeat("What is the weather in Paris today? ", 66))[..2300] } } },
        });
        string question = string.Concat(Enumerable.Repeat("What is the weather in Paris today? ", 66))[..2300];

        Compare("content that is a string already, 2.4 KB", span =>
        {
            span.Activity!.SetTag("gen_ai.input.messages", content);
            span.Activity!.SetTag("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Sunny."}],"finish_reason":"stop"}]""");
        });
        Compare("messages written for the first time, 2.4 KB", span =>
        {
            span.SetInput([ProbeMessage.System("You are terse."), ProbeMessage.User(question)]);
            span.SetOutput([ProbeMessage.Assistant("Sunny.")]);
        });
        Compare("no content", static _ => { });
    }

    private static void Compare(string title, Action<SpanScope> fill)
    {
        Activity[] spans = Record(fill);
        int count = spans.Count(span => span.DisplayName == "generate");
        ExportSettings settings = new(new PandaProbeOptions(), () => null);
        using RequestBody output = new();
        PayloadWriter writer = new(settings);

        OtlpExporterOptions options = new()
        {
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Endpoint = new Uri("http://127.0.0.1:1/v1/traces"),
            HttpClientFactory = static () => new HttpClient(new Nowhere()),
        };
        using OtlpTraceExporter exporter = new(options);
        Activity[][] batches = [.. spans.Where(span => span.DisplayName == "generate").Chunk(500)];

        // What the exporter does with a span after the entrance: assemble, write, forget. The activities exist already.
        void Mine()
        {
            TraceAssembler assembler = new(settings, new ExportStatistics(), TimeProvider.System, new WriteOnly(writer, output));
            foreach (Activity span in spans)
            {
                assembler.Add(span);
                assembler.Release(everything: false);
            }

            assembler.Release(everything: true);
        }

        void Otlp()
        {
            foreach (Activity[] batch in batches)
                exporter.Export(new Batch<Activity>(batch, batch.Length));
        }

        for (int i = 0; i < 200; i++)
        {
            Mine();
            Otlp();
        }

        // Turn by turn, so that whatever else the machine does hits both.
        List<double> mine = [];
        List<double> otlp = [];
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            mine.Add(Rate(count, Mine));
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            otlp.Add(Rate(count, Otlp));
        }

        mine.Sort();
        otlp.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: PandaProbe {mine[Rounds / 2]:N0} spans/s (best {mine[^1]:N0}), {(double)bytes / (Rounds * Repeats * count):0} B/span; OTLP serialiser {otlp[Rounds / 2]:N0} (best {otlp[^1]:N0}); ratio of medians {mine[Rounds / 2] / otlp[Rounds / 2]:0.00}, of bests {mine[^1] / otlp[^1]:0.00}"));
    }

    private static double Rate(int spans, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repeats; i++)
            action();
        return Repeats * spans / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Activity[] Record(Action<SpanScope> fill)
    {
        List<Activity> ended = [];
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .AddPandaProbe(options => options.Export = ProbeExport.None)
            .AddProcessor(new Collect(ended))
            .Build();
        for (int i = 0; i < Traces; i++)
        {
            using TraceScope trace = Probe.StartTrace("trace", input: "What is the weather?", sessionId: "session-1", userId: "user-1");
            for (int j = 0; j < SpansPerTrace; j++)
            {
                using SpanScope span = trace.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4");
                fill(span);
                span.SetTokenUsage(150, 80);
                span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
                span.SetCost(0.002m);
                span.SetFinishReason("stop");
            }
        }

        return [.. ended];
    }

    private sealed class Collect(List<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Add(data);
    }

    private sealed class WriteOnly(PayloadWriter writer, RequestBody output) : ISendQueue
    {
        public bool IsFull(int waiting) => false;

        public void Overflow(TraceRecord record)
        {
        }

        public void Send(TraceRecord record, bool confirm)
        {
            record.MakeParts(1 << 20, confirm);
            while (record.Next() is { } part)
            {
                output.Clear();
                writer.WriteTrace(output, record, part.Spans, part.ContentBudget, long.MaxValue);
                record.Remove(part);
            }
        }
    }

    private sealed class Nowhere : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.OK);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
