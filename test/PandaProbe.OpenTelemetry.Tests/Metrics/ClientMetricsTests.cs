using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PandaProbe.Tests;

namespace PandaProbe.Metrics;

[Collection(ProcessWide.Name)]
public sealed class ClientMetricsTests
{
    private const string Duration = "gen_ai.client.operation.duration";
    private const string Tokens = "gen_ai.client.token.usage";
    private const string FirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    private const string NextChunk = "gen_ai.client.operation.time_per_output_chunk";
    private const string Cost = "pandaprobe.client.operation.cost";

    [Fact]
    public void A_recorded_call_is_counted_with_the_conventions_attributes_and_without_session_or_user()
    {
        using Measurements measurements = new();
        using Recording recording = new(options => options.PriceBook = Book());
        Call();

        Activity span = recording.Spans.ShouldHaveSingleItem();
        measurements.Of(Duration).ShouldHaveSingleItem().Value.ShouldBe(span.Duration.TotalSeconds);
        measurements.Of(Tokens).Select(measured => (measured.Value, measured.Tags["gen_ai.token.type"])).ShouldBe([(100.0, "input"), (10.0, "output")]);
        measurements.Of(Cost).ShouldHaveSingleItem().Value.ShouldBe(0.0003, 1e-12);
        measurements.Of(FirstChunk).ShouldBeEmpty();
        foreach (Measured measured in measurements.All)
        {
            measured.Tags["gen_ai.operation.name"].ShouldBe("chat");
            measured.Tags["gen_ai.provider.name"].ShouldBe("openai");
            measured.Tags["gen_ai.request.model"].ShouldBe("metered");
            measured.Tags["gen_ai.response.model"].ShouldBe("metered-2026");
            measured.Tags.Keys.ShouldAllBe(key => key.StartsWith("gen_ai.", StringComparison.Ordinal));
            measured.Tags.Keys.ShouldNotContain("gen_ai.conversation.id");
        }
    }

    [Theory]
    [InlineData("sampled out")]
    [InlineData("nobody traces")]
    [InlineData("recorded by others")]
    public void A_call_that_is_not_recorded_is_counted_all_the_same(string why)
    {
        using Measurements measurements = new();
        PriceBook.Default.Add(new ModelPrice { Model = "metered", Input = 2m, Output = 10m, CacheRead = 0m });
        using TracerProvider? provider = why switch
        {
            "sampled out" => Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOffSampler()).AddPandaProbe(options => options.Export = ProbeExport.None).Build(),
            "recorded by others" => Sdk.CreateTracerProviderBuilder().AddSource(Probe.SourceName).Build(),
            _ => null,
        };
        using (Probe.StartTrace("root"))
        {
            Call(new() { ["cache_read_tokens"] = 50 });
            Call();
        }

        measurements.Of(Duration).Count.ShouldBe(2);
        measurements.Of(Tokens).Select(measured => measured.Value).ShouldBe([100.0, 10.0, 100.0, 10.0]);
        measurements.Of(Cost).Select(measured => Math.Round(measured.Value, 9)).ShouldBe([0.0002, 0.0003]);
    }

    [Fact]
    public void Two_providers_count_a_call_once()
    {
        using Measurements measurements = new();
        using Recording first = new();
        using Recording second = new();
        Call();

        first.Spans.Count.ShouldBe(1);
        measurements.Of(Duration).Count.ShouldBe(1);
        measurements.Of(Tokens).Count.ShouldBe(2);
    }

    [Fact]
    public void An_error_is_on_the_duration()
    {
        using Measurements measurements = new();
        using Recording recording = new();
        Should.Throw<FormatException>((Action)(() =>
        {
            using SpanScope span = Probe.StartLlmSpan("metered", "openai");
            throw new FormatException();
        }));

        measurements.Of(Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.FormatException");
    }

    [Fact]
    public void An_error_of_a_call_that_is_sampled_out_is_on_the_duration_too()
    {
        using Measurements measurements = new();
        using Recording recording = new(tracing: builder => builder.SetSampler(new AlwaysOffSampler()));
        Should.Throw<FormatException>((Action)(() =>
        {
            using SpanScope span = Probe.StartLlmSpan("metered", "openai");
            throw new FormatException();
        }));

        measurements.Of(Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.FormatException");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_measured_chunk_by_chunk(bool sampled)
    {
        using Measurements measurements = new();
        using Recording recording = new(tracing: builder => builder.SetSampler(sampled ? new AlwaysOnSampler() : new AlwaysOffSampler()));
        using (SpanScope span = Probe.StartLlmSpan("metered", "openai"))
        {
            await foreach (string chunk in span.Observe(Streaming.Scripted.Async(["one", " two", " three"], later: true)))
            {
            }
        }

        recording.Spans.Count.ShouldBe(sampled ? 1 : 0);
        double duration = measurements.Of(Duration).ShouldHaveSingleItem().Value;
        double first = measurements.Of(FirstChunk).ShouldHaveSingleItem().Value;
        first.ShouldBeInRange(0, duration);
        measurements.Of(NextChunk).Count.ShouldBe(2);
        measurements.Of(NextChunk).ShouldAllBe(measured => (string?)measured.Tags["gen_ai.request.model"] == "metered" && measured.Value >= 0 && measured.Value <= duration);
        measurements.Of(Tokens).ShouldHaveSingleItem().Tags["gen_ai.token.type"].ShouldBe("output");
    }

    [Fact]
    public void What_sums_its_children_is_not_counted()
    {
        using Measurements measurements = new();
        using ActivitySource foreign = new("ClientMetricsTests");
        using Recording recording = new(tracing: builder => builder.AddSource("ClientMetricsTests"));
        foreach (string operation in (string[])["invoke_agent", "orchestrate_tools", "execute_tool", "chat", "embeddings"])
        {
            using Activity span = foreign.StartActivity(operation)!;
            span.SetTag("gen_ai.operation.name", operation);
            span.SetTag("gen_ai.request.model", "metered");
            span.SetTag("gen_ai.usage.input_tokens", 5);
        }

        using (SpanScope agent = Probe.StartSpan("agent", ProbeSpanKind.Agent, "metered"))
            agent.SetTokenUsage(1000, 1000);

        measurements.Of(Duration).Select(measured => measured.Tags["gen_ai.operation.name"]).ShouldBe(["chat", "embeddings"]);
        measurements.Of(Tokens).Select(measured => measured.Value).ShouldBe([5.0, 5.0]);
    }

    [Fact]
    public void The_meter_provider_gets_units_and_buckets_of_the_conventions()
    {
        List<Metric> metrics = [];
        using (MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddPandaProbe().AddReader(new BaseExportingMetricReader(new Keeping(metrics))).Build())
        {
            Call();
            provider.ForceFlush();
        }

        Metric duration = metrics.First(metric => metric.Name == Duration);
        duration.Unit.ShouldBe("s");
        Bounds(duration).ShouldBe([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]);
        Metric tokens = metrics.First(metric => metric.Name == Tokens);
        tokens.Unit.ShouldBe("{token}");
        Bounds(tokens).ShouldBe([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]);
    }

    [Fact]
    public void A_hosts_meter_provider_gets_them_by_itself_and_none_is_made_for_them()
    {
        List<Metric> metrics = [];
        ServiceCollection services = new();
        services.AddPandaProbe(options => options.Export = ProbeExport.None);
        using (ServiceProvider without = services.BuildServiceProvider())
            without.GetService<MeterProvider>().ShouldBeNull();

        services.ConfigureOpenTelemetryMeterProvider(builder => builder.AddReader(new BaseExportingMetricReader(new Keeping(metrics))));
        using OpenTelemetrySdk sdk = OpenTelemetrySdk.Create(builder =>
        {
            builder.AddPandaProbe(options => options.Export = ProbeExport.None);
            builder.WithMetrics(meter => meter.AddReader(new BaseExportingMetricReader(new Keeping(metrics))));
        });
        Call();
        sdk.MeterProvider.ForceFlush();
        metrics.ShouldContain(metric => metric.Name == Duration);
    }

    [Fact]
    public void With_neither_traces_nor_metrics_a_call_allocates_nothing()
    {
        Call();
        Allocated.By(() =>
        {
            for (int i = 0; i < 100; i++)
                Call(new() { ["cache_read_tokens"] = 50 });
        }).ShouldBe(0);

        IEnumerable<string> stream = ["a"];
        Probe.StartLlmSpan("metered").Observe(stream).ShouldBeSameAs(stream);
        SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", [ProbeMessage.User("Hello world!")]);
        span.ShouldBe(default);
    }

    private static void Call(ProbeFields details = default)
    {
        using SpanScope span = Probe.StartLlmSpan("metered", "openai", sessionId: "s", userId: "u");
        span.SetResponseModel("metered-2026");
        span.SetTokenUsage(100, 10, details);
    }

    private static PriceBook Book()
    {
        PriceBook book = new();
        book.Add(new ModelPrice { Model = "metered", Input = 2m, Output = 10m });
        return book;
    }

    private static double[] Bounds(Metric metric)
    {
        List<double> bounds = [];
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            foreach (HistogramBucket bucket in point.GetHistogramBuckets())
                bounds.Add(bucket.ExplicitBound);
            break;
        }

        return [.. bounds.Where(double.IsFinite)];
    }

    private sealed record Measured(string Name, double Value, Dictionary<string, object?> Tags);

    private sealed class Measurements : IDisposable
    {
        private readonly ConcurrentQueue<Measured> _measured = new();
        private readonly MeterListener _listener = new();

        public Measurements()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Probe.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public IReadOnlyList<Measured> All => [.. _measured];

        public IReadOnlyList<Measured> Of(string name) => [.. _measured.Where(measured => measured.Name == name)];

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _measured.Enqueue(new(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
    }

    private sealed class Keeping(List<Metric> metrics) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
                metrics.Add(metric);
            return ExportResult.Success;
        }
    }
}
