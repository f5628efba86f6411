using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using PandaProbe.Export.Otlp;
using PandaProbe.Hosting;
using PandaProbe.Runtime;

namespace PandaProbe.Tests.Export;

public class OtlpQueueTests
{
    [Fact]
    public async Task A_burst_of_10_000_spans_loses_nothing()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.FromMilliseconds(100));
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        using TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue);
        for (int i = 0; i < 10_000; i++)
            source.StartActivity("span")!.Dispose();

        provider.ForceFlush(120_000).ShouldBeTrue();
        collector.Spans.ShouldBe(10_000);
        queue.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Twenty_thousand_spans_a_second_at_100_ms_per_request_lose_nothing()
    {
        // 100 ms are a round here: the collector answers what came in the round before, so that the rate holds on a machine that cannot
        // keep it up.
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        using TracerProvider provider = Provider(
            collector, source, out OtlpQueueProcessor queue, new() { ["OTEL_BSP_SCHEDULE_DELAY"] = "600000" });
        string content = new('x', 2400);
        int sent = 0;
        collector.Hold();
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < 20_000 / 10; i++, sent++)
            {
                using Activity? activity = source.StartActivity("span");
                activity!.SetTag("content", content);
            }

            int batches = sent / queue.Settings.BatchSize;
            Exporting.Eventually(() => collector.Came == batches, "all that there is goes in the same round");
            collector.Hold();
        }

        collector.LetGo();
        provider.ForceFlush(120_000).ShouldBeTrue();
        collector.Spans.ShouldBe(sent);
        queue.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_fails_is_tried_again()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        collector.Failures = 3;
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        using TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue);
        for (int i = 0; i < 1000; i++)
            source.StartActivity("span")!.Dispose();

        provider.ForceFlush(120_000).ShouldBeTrue();
        collector.Spans.ShouldBe(1000);
        queue.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_application_says_stays_in_force_and_what_is_dropped_is_counted()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        collector.Failures = int.MaxValue;
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue, new()
        {
            ["OTEL_BSP_MAX_QUEUE_SIZE"] = "100",
            ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] = "50",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "123456",
        });
        queue.Settings.QueueSize.ShouldBe(100);
        queue.Settings.BatchSize.ShouldBe(50);
        queue.Settings.Delay.ShouldBe(TimeSpan.FromMilliseconds(123456));

        for (int i = 0; i < 5000; i++)
            source.StartActivity("span")!.Dispose();
        queue.Dropped.ShouldBeGreaterThan(1000);
        long start = Stopwatch.GetTimestamp();
        provider.Shutdown(500);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(45), "a batch would be tried for a minute");
        Exporting.Eventually(() => queue.Dropped == 5000, "every span is accounted for: " + queue.Dropped);
        provider.Dispose();
    }

    [Fact]
    public async Task A_queue_that_was_full_takes_spans_again_when_it_has_drained()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        using TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue, new()
        {
            ["OTEL_BSP_MAX_QUEUE_SIZE"] = "100",
            ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] = "50",
        });
        collector.Hold();
        for (int i = 0; i < 1000; i++)
            source.StartActivity("span")!.Dispose();
        collector.LetGo();
        provider.ForceFlush(60_000).ShouldBeFalse("spans were dropped");
        long dropped = queue.Dropped;
        dropped.ShouldBeGreaterThan(0);

        for (int i = 0; i < 50; i++)
            source.StartActivity("span")!.Dispose();
        provider.ForceFlush(60_000).ShouldBeTrue();
        queue.Dropped.ShouldBe(dropped);
        collector.Spans.ShouldBe((int)(1050 - dropped));
    }

    [Fact]
    public async Task Shutdown_sends_what_there_is_and_wakes_every_worker()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        using ActivitySource source = new("otlp " + Guid.NewGuid());

        // Often, because it takes two workers that meet for one to be left asleep.
        for (int i = 1; i <= 50; i++)
        {
            using TracerProvider provider = Provider(
                collector, source, out OtlpQueueProcessor queue, new() { ["OTEL_BSP_SCHEDULE_DELAY"] = "600000" });
            source.StartActivity("span")!.Dispose();

            provider.Shutdown(60_000).ShouldBeTrue("nobody sleeps on");
            collector.Spans.ShouldBe(i);
            queue.Dropped.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_flush_after_a_shutdown_that_had_to_drop_returns_even_without_a_deadline()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        using TracerProvider provider = Provider(
            collector, source, out OtlpQueueProcessor queue, new() { ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] = "1" });
        collector.Hold();
        for (int i = 0; i < 50; i++)
            source.StartActivity("span")!.Dispose();

        provider.Shutdown(100).ShouldBeFalse();
        collector.LetGo();
        queue.Dropped.ShouldBeGreaterThan(0);
        (await Task.Run(() => queue.ForceFlush()).WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeFalse("something was dropped");
    }

    [Fact]
    public void Without_settings_the_defaults_are_those_that_lose_nothing()
    {
        using ServiceProvider services = new ServiceCollection().AddOptions().BuildServiceProvider();
        using var queue = (OtlpQueueProcessor)OtlpExport.CreateProcessor(services, new());
        (queue.Settings with { Scanner = null })
            .ShouldBe(new OtlpQueueSettings(65_536, 512, TimeSpan.FromSeconds(5), 4, TimeSpan.FromMinutes(1)));
        queue.Settings.Scanner.ShouldNotBeNull("secrets are masked");
        using ServiceProvider simple = new ServiceCollection()
            .Configure<OtlpExporterOptions>(otlp => otlp.ExportProcessorType = ExportProcessorType.Simple).BuildServiceProvider();
        OtlpExport.CreateProcessor(simple, new()).ShouldBeOfType<MaskingProcessor>().Dispose();
    }

    [Fact]
    public async Task While_the_collector_is_down_what_waits_is_bounded_in_bytes()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        HeldMemory memory = ProviderGroup.Current.Memory;
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        collector.Failures = int.MaxValue;
        using ActivitySource source = new("otlp " + Guid.NewGuid());
        TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue, maxMemoryBytes: 4_000_000);
        for (int i = 0; i < 100; i++)
        {
            using Activity span = source.StartActivity("span")!;
            span.SetTag("text", new string('x', 50_000));
        }

        memory.Bytes.ShouldBeInRange(3_000_000, 4_000_000);
        queue.Dropped.ShouldBeInRange(60, 65);
        provider.Shutdown(500);
        Exporting.Eventually(() => queue.Dropped == 100 && memory.Bytes == 0, "what was dropped is not held");
        provider.Dispose();
    }

    [Fact]
    public async Task While_the_collector_is_down_content_is_shortened_before_spans_are_dropped()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        await using Collector collector = await Collector.StartAsync(TimeSpan.Zero);
        collector.Failures = int.MaxValue;
        using ActivitySource source = new(Probe.SourceName);
        TracerProvider provider = Provider(collector, source, out OtlpQueueProcessor queue, maxMemoryBytes: 4_000_000);
        Activity? last = null;
        for (int i = 0; i < 100; i++)
        {
            using SpanScope span = Probe.StartSpan("call", ProbeSpanKind.Tool);
            span.SetInput(new string('x', 50_000));
            last = span.Activity;
        }

        queue.Dropped.ShouldBe(0);
        last!.GetTagItem("input.value")!.ToString()!.Length.ShouldBeLessThan(5000);
        last.GetTagItem("pandaprobe.metadata.input_original_length").ShouldBe(50_000);
        provider.Shutdown(500);
        provider.Dispose();
        ProviderGroup.Current.Memory.IsScarce.ShouldBeFalse();
    }

    private static TracerProvider Provider(
        Collector collector, ActivitySource source, out OtlpQueueProcessor queue, Dictionary<string, string?>? settings = null,
        long maxMemoryBytes = OtlpQueueSettings.DefaultMaxMemoryBytes)
    {
        ServiceCollection services = new();
        services.AddOptions();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build());
        var processor = (OtlpQueueProcessor)OtlpExport.CreateProcessor(services.BuildServiceProvider(), new()
        {
            PandaProbe = { MaxMemoryBytes = maxMemoryBytes },
            Otlp =
            {
                Configure = otlp =>
                {
                    otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
                    otlp.Endpoint = new Uri(collector.Address + "v1/traces");

                    // Out of the way: a request that is given up on a slow machine is sent, and counted, twice.
                    otlp.TimeoutMilliseconds = (int)TimeSpan.FromMinutes(5).TotalMilliseconds;
                },
            },
        });
        queue = processor;
        return Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddProcessor(processor).Build();
    }

    /// <summary>An OTLP collector that counts spans.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _application;
        private readonly TimeSpan _delay;
        private int _spans;
        private int _failures;
        private int _came;
        private TaskCompletionSource? _held;

        private Collector(WebApplication application, TimeSpan delay)
        {
            _application = application;
            _delay = delay;
        }

        public int Spans => Volatile.Read(ref _spans);

        /// <summary>Requests, answered or not.</summary>
        public int Came => Volatile.Read(ref _came);

        public int Failures
        {
            set => _failures = value;
        }

        public string Address { get; private set; } = "";

        public static async Task<Collector> StartAsync(TimeSpan delay)
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
            WebApplication application = builder.Build();
            Collector collector = new(application, delay);
            application.Run(collector.HandleAsync);
            await application.StartAsync();
            collector.Address = application.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";
            return collector;
        }

        /// <summary>Answers what has come, and nothing that comes from now on.</summary>
        public void Hold() => Interlocked.Exchange(ref _held, new(TaskCreationOptions.RunContinuationsAsynchronously))?.SetResult();

        /// <summary>Answers what has come and what comes.</summary>
        public void LetGo() => Interlocked.Exchange(ref _held, null)?.SetResult();

        public async ValueTask DisposeAsync()
        {
            LetGo();
            await _application.StopAsync();
            await _application.DisposeAsync();
        }

        private async Task HandleAsync(HttpContext context)
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            Task? held = Volatile.Read(ref _held)?.Task;
            Interlocked.Increment(ref _came);
            await (held ?? Task.Delay(_delay));
            if (Interlocked.Decrement(ref _failures) >= 0)
            {
                context.Response.StatusCode = 503;
                return;
            }

            // resource_spans (1) > scope_spans (2) > spans (2)
            Interlocked.Add(ref _spans,
                Fields(body.ToArray(), 1).SelectMany(resource => Fields(resource, 2)).Sum(scope => Fields(scope, 2).Count()));
            context.Response.ContentType = "application/x-protobuf";
        }

        private static IEnumerable<ArraySegment<byte>> Fields(ArraySegment<byte> message, int number)
        {
            int at = 0;
            while (at < message.Count)
            {
                ulong key = Varint();
                switch (key & 7)
                {
                    case 0:
                        Varint();
                        break;
                    case 1:
                        at += 8;
                        break;
                    case 5:
                        at += 4;
                        break;
                    default:
                        int length = (int)Varint();
                        if ((int)(key >> 3) == number)
                            yield return message.Slice(at, length);
                        at += length;
                        break;
                }
            }

            ulong Varint()
            {
                ulong value = 0;
                for (int shift = 0; ; shift += 7)
                {
                    byte piece = message[at++];
                    value |= (ulong)(piece & 127) << shift;
                    if (piece < 128)
                        return value;
                }
            }
        }
    }
}
