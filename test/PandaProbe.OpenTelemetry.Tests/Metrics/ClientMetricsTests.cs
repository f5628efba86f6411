using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Interception;
using PandaProbe.Pricing;
using PandaProbe.Tests;

namespace PandaProbe.Metrics;

[Collection(ProcessWide.Name)]
public sealed class ClientMetricsTests
{
    [Fact]
    public void The_buckets_are_those_of_the_conventions()
    {
        Bounds(Instruments.TokensUsed).ShouldBe(Enumerable.Range(0, 14).Select(power => 1 << (2 * power)));
        Bounds(Instruments.OperationDuration).ShouldBe(Enumerable.Range(0, 14).Select(power => 0.01 * (1 << power)));
        Bounds(Instruments.CostSpent).ShouldBe([0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50]);

        static IReadOnlyList<T> Bounds<T>(Histogram<T> histogram)
            where T : struct =>
            histogram.Advice.ShouldNotBeNull().HistogramBucketBoundaries.ShouldNotBeNull();
    }

    [Fact]
    public void A_recorded_call_is_counted_with_the_conventions_attributes_and_without_session_or_user()
    {
        using Measurements measurements = new();
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        Call();

        Activity span = recording.Spans.ShouldHaveSingleItem();
        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Value.ShouldBe(span.Duration.TotalSeconds);
        measurements.Of(Measurements.Tokens).Select(measured => (measured.Value, measured.Tags["gen_ai.token.type"]))
            .ShouldBe([(100.0, "input"), (10.0, "output")]);
        measurements.Of(Measurements.Cost).ShouldHaveSingleItem().Value.ShouldBe(0.0003, 1e-12);
        measurements.Of(Measurements.FirstChunk).ShouldBeEmpty();
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
        using TracerProvider? provider = why switch
        {
            "sampled out" => Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOffSampler())
                .AddPandaProbe(options => options.Export = ProbeExport.None).Build(),
            "recorded by others" => Sdk.CreateTracerProviderBuilder().AddSource(Probe.SourceName).Build(),
            _ => null,
        };
        using (Probe.StartTrace("root"))
        {
            Call(new() { ["cache_read_tokens"] = 50 });
            Call();
        }

        measurements.Of(Measurements.Duration).Count.ShouldBe(2);
        measurements.Of(Measurements.Tokens).Select(measured => measured.Value).ShouldBe([100.0, 10.0, 100.0, 10.0]);
        measurements.Of(Measurements.Cost).Select(measured => Math.Round(measured.Value, 9)).ShouldBe([0.0002875, 0.00035]);

        static void Call(ProbeFields details = default)
        {
            using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
            span.SetTokenUsage(100, 10, details);
        }
    }

    [Theory]
    [InlineData(Tracing.Recorded)]
    [InlineData(Tracing.SampledOut)]
    public void Odd_usage_counts_the_same_whatever_becomes_of_the_span(Tracing tracing)
    {
        using Measurements measurements = new();
        using IDisposable traced = tracing.Start();

        TokensOf(span => span.SetTokenUsage(10, 5, new() { ["cache_read_tokens"] = 100, ["reasoning_tokens"] = 50 })).ShouldBe([110, 55]);
        TokensOf(span => span.SetTokenUsage(-3, 7)).ShouldBe([20, 7]);
        TokensOf(span => span.SetTokenUsage(null, null, new() { ["prompt_tokens"] = -2, ["reasoning_tokens"] = 50 })).ShouldBe([20, 80]);
        TokensOf(span => span.SetTokenUsage(long.MaxValue, 7)).ShouldBe([20, 7]);
        TokensOf(span => span.SetTokenUsage(TokenUsage.Inclusive(output: 7))).ShouldBe([20, 7]);
        TokensOf(span => span.SetTokenUsage()).ShouldBe([20, 30]);

        double[] TokensOf(Action<SpanScope> set)
        {
            int before = measurements.Of(Measurements.Tokens).Count;
            using (SpanScope span = Probe.StartLlmSpan("metered"))
            {
                span.SetTokenUsage(20, 30);
                set(span);
            }

            return [.. measurements.Of(Measurements.Tokens).Skip(before).Select(measured => measured.Value)];
        }
    }

    [Fact]
    public void A_count_of_another_library_that_cannot_be_is_not_counted()
    {
        using Measurements measurements = new();
        using ActivitySource source = new("OpenAI.Odd");
        using SpanRecording recording = new();
        using (Activity? call = source.StartActivity("chat metered", ActivityKind.Client))
            call!.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.usage.input_tokens", -1).SetTag("gen_ai.usage.output_tokens", 5);

        measurements.Of(Measurements.Tokens).ShouldHaveSingleItem().Value.ShouldBe(5);
    }

    [Theory]
    [InlineData(Tracing.Recorded)]
    [InlineData(Tracing.RecordedByOthers)]
    [InlineData(Tracing.SampledOut)]
    [InlineData(Tracing.SampledOutBelowATrace)]
    public async Task A_call_of_a_method_with_an_attribute_is_counted_whatever_becomes_of_its_span(Tracing tracing)
    {
        using Measurements measurements = new();
        using IDisposable traced = tracing.Start();
        var site = ProbeSite.Span("ask", ProbeSpanKind.Llm, "metered", outsideTrace: true);

        (await AskAsync(false)).ShouldBe("answer");
        await Should.ThrowAsync<FormatException>(() => AskAsync(true));
        string.Concat(Words()).ShouldBe("answer");

        IReadOnlyList<Measured> durations = measurements.Of(Measurements.Duration);
        durations.Select(measured => measured.Tags["gen_ai.request.model"]).ShouldBe(["metered", "metered", "metered"]);
        durations.Select(measured => measured.Tags.GetValueOrDefault("error.type")).ShouldBe([null, "System.FormatException", null]);
        measurements.Of(Measurements.FirstChunk).Count.ShouldBe(1);

        // As the generator writes them.
        async Task<string> AskAsync(bool fail)
        {
            if (site.Begin() is not { } call)
                return await AnswerAsync(fail);

            try
            {
                return await call.Completes(AnswerAsync(fail));
            }
            finally
            {
                call.Dispose();
            }
        }

        IEnumerable<string> Words()
        {
            using ProbeCall? call = site.BeginLater();
            return call is null ? Answer() : call.Yields(Answer());
        }

        static IEnumerable<string> Answer()
        {
            yield return "ans";
            yield return "wer";
        }

        static async Task<string> AnswerAsync(bool fail)
        {
            await Task.Yield();
            return fail ? throw new FormatException() : "answer";
        }
    }

    [Fact]
    public void Two_providers_count_a_call_once()
    {
        using Measurements measurements = new();
        using SpanRecording first = new();
        using SpanRecording second = new();
        Call();

        first.Spans.Count.ShouldBe(1);
        measurements.Of(Measurements.Duration).Count.ShouldBe(1);
        measurements.Of(Measurements.Tokens).Count.ShouldBe(2);
    }

    [Fact]
    public void An_error_is_on_the_duration()
    {
        using Measurements measurements = new();
        using SpanRecording recording = new();
        Should.Throw<FormatException>((Action)(() =>
        {
            using SpanScope span = Probe.StartLlmSpan("metered", "openai");
            throw new FormatException();
        }));

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.FormatException");
    }

    [Fact]
    public void An_error_of_a_call_that_is_sampled_out_is_on_the_duration_too()
    {
        using Measurements measurements = new();
        using SpanRecording recording = new(tracing: builder => builder.SetSampler(new AlwaysOffSampler()));
        Should.Throw<FormatException>((Action)(() =>
        {
            using SpanScope span = Probe.StartLlmSpan("metered", "openai");
            throw new FormatException();
        }));

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.FormatException");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_is_measured_chunk_by_chunk(bool sampled)
    {
        using Measurements measurements = new();
        using SpanRecording recording = new(
            tracing: builder => builder.SetSampler(sampled ? new AlwaysOnSampler() : new AlwaysOffSampler()));
        using (SpanScope span = Probe.StartLlmSpan("metered", "openai"))
        {
            await foreach (string chunk in span.Observe(Streaming.Scripted.Async(["one", " two", " three"], later: true)))
            {
            }
        }

        recording.Spans.Count.ShouldBe(sampled ? 1 : 0);
        double duration = measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Value;
        double first = measurements.Of(Measurements.FirstChunk).ShouldHaveSingleItem().Value;
        first.ShouldBeInRange(0, duration);
        measurements.Of(Measurements.NextChunk).Count.ShouldBe(2);
        measurements.Of(Measurements.NextChunk)
            .ShouldAllBe(measured => (string?)measured.Tags["gen_ai.request.model"] == "metered" && measured.Value >= 0
            && measured.Value <= duration);
        measurements.Of(Measurements.Tokens).ShouldHaveSingleItem().Tags["gen_ai.token.type"].ShouldBe("output");
    }

    [Fact]
    public void What_sums_its_children_is_not_counted()
    {
        using Measurements measurements = new();
        using ActivitySource foreign = new("ClientMetricsTests");
        using SpanRecording recording = new(tracing: builder => builder.AddSource("ClientMetricsTests"));
        foreach (string operation in (string[])["invoke_agent", "orchestrate_tools", "execute_tool", "chat", "embeddings"])
        {
            using Activity span = foreign.StartActivity(operation)!;
            span.SetTag("gen_ai.operation.name", operation);
            span.SetTag("gen_ai.request.model", "metered");
            span.SetTag("gen_ai.usage.input_tokens", 5);
        }

        using (SpanScope agent = Probe.StartSpan("agent", ProbeSpanKind.Agent, "metered"))
            agent.SetTokenUsage(1000, 1000);

        measurements.Of(Measurements.Duration).Select(measured => measured.Tags["gen_ai.operation.name"]).ShouldBe(["chat", "embeddings"]);
        measurements.Of(Measurements.Tokens).Select(measured => measured.Value).ShouldBe([5.0, 5.0]);
    }

    [Fact]
    public void The_meter_provider_gets_units_and_buckets_of_the_conventions()
    {
        List<Metric> metrics = [];
        using (MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddPandaProbe()
            .AddReader(new BaseExportingMetricReader(new Keeping(metrics))).Build())
        {
            Call();
            provider.ForceFlush();
        }

        Metric duration = metrics.First(metric => metric.Name == Measurements.Duration);
        duration.Unit.ShouldBe("s");
        Bounds(duration).ShouldBe([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]);
        Metric tokens = metrics.First(metric => metric.Name == Measurements.Tokens);
        tokens.Unit.ShouldBe("{token}");
        Bounds(tokens).ShouldBe([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]);
    }

    [Fact]
    public void The_meter_provider_gets_the_metrics_of_the_exporter()
    {
        List<Metric> metrics = [];
        using Meter exporter = new(Probe.ExporterMeterName);
        Counter<int> counter = exporter.CreateCounter<int>("test.exporter.counter");
        using (MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddPandaProbe()
            .AddReader(new BaseExportingMetricReader(new Keeping(metrics))).Build())
        {
            counter.Add(1);
            provider.ForceFlush();
        }

        Probe.ExporterMeterName.ShouldBe("PandaProbe.Exporter");
        metrics.ShouldContain(metric => metric.Name == counter.Name);
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
        using var sdk = OpenTelemetrySdk.Create(builder =>
        {
            builder.AddPandaProbe(options => options.Export = ProbeExport.None);
            builder.WithMetrics(meter => meter.AddReader(new BaseExportingMetricReader(new Keeping(metrics))));
        });
        Call();
        sdk.MeterProvider.ForceFlush();
        metrics.ShouldContain(metric => metric.Name == Measurements.Duration);
    }

    [Fact]
    public void A_hosts_meter_provider_gets_none_where_PandaProbe_is_switched_off()
    {
        List<Metric> metrics = [];
        using var sdk = OpenTelemetrySdk.Create(builder =>
        {
            builder.AddPandaProbe(options => options.Enabled = false);
            builder.WithMetrics(meter => meter.AddReader(new BaseExportingMetricReader(new Keeping(metrics))));
        });
        Call();
        sdk.MeterProvider.ForceFlush();
        metrics.ShouldBeEmpty();
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

    private static PriceBook Book() => PriceBook.Default.With(new ModelPrice { Model = "metered", Input = 2m, Output = 10m });

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
