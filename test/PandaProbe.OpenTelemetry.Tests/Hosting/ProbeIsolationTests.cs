using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Hosting;
using PandaProbe.Otlp;

namespace PandaProbe.Tests.Hosting;

public sealed class ProbeIsolationTests
{
    [Fact]
    public async Task Two_hosts_in_parallel_each_see_their_own_spans_and_settings()
    {
        TaskCompletionSource firstIsThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource secondIsThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource firstIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource secondIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<Activity[]> first = Task.Run(() => RunHost("first", capture: true, firstIsThere, secondIsThere, firstIsDone, secondIsDone));
        Task<Activity[]> second = Task.Run(() => RunHost("second", capture: false, secondIsThere, firstIsThere, secondIsDone, firstIsDone));

        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromMinutes(1));
        Inputs(await first).ShouldBe(["first step: secret", "first work: secret"]);
        Inputs(await second).ShouldBe(["second step: ", "second work: "]);

        static string[] Inputs(Activity[] spans) =>
            [.. spans.Select(span => $"{span.DisplayName}: {span.GetTagItem("input.value")}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void An_isolation_inside_another_is_part_of_it()
    {
        using var isolation = ProbeIsolation.Begin();
        SpansSeen seen = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)
            .AddProcessor(seen).Build();

        using (ProbeIsolation.Begin())
            Probe.StartSpan("inside").Dispose();
        Probe.StartSpan("after").Dispose();

        seen.Spans.Where(isolation.Owns).Select(span => span.DisplayName).ShouldBe(["inside", "after"]);
    }

    [Theory]
    [InlineData(ExportProcessorType.Batch)]
    [InlineData(ExportProcessorType.Simple)]
    public async Task An_isolated_host_sends_only_its_own_spans_over_OTLP(ExportProcessorType type)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        TaskCompletionSource isBuilt = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource otherIsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var own = Task.Run(async () =>
        {
            using var isolation = ProbeIsolation.Begin();
            using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddPandaProbe(options =>
            {
                (options.Export, options.Safety) = (ProbeExport.Otlp, null);
                options.Otlp.Configure = otlp =>
                {
                    AddPandaProbeTests.To(receiver, otlp);
                    otlp.ExportProcessorType = type;
                };
            }).Build();
            isBuilt.SetResult();
            Record("own");
            await otherIsDone.Task;
            provider.ForceFlush().ShouldBeTrue();
        });
        await isBuilt.Task.WaitAsync(TimeSpan.FromMinutes(1));
        using (ProbeIsolation.Begin())
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddPandaProbe(AddPandaProbeTests.ToNowhere).Build())
            Record("other");
        otherIsDone.SetResult();
        await own.WaitAsync(TimeSpan.FromMinutes(1));

        receiver.Spans.Select(span => span.Name).Order(StringComparer.Ordinal).ShouldBe(["own foreign", "own step"]);

        void Record(string name)
        {
            Probe.StartSpan($"{name} step").Dispose();
            source.StartActivity($"{name} foreign")!.Dispose();
        }
    }

    private static async Task<Activity[]> RunHost(
        string name, bool capture, TaskCompletionSource there, TaskCompletionSource otherIsThere, TaskCompletionSource done,
        TaskCompletionSource otherIsDone)
    {
        using var isolation = ProbeIsolation.Begin();
        SpansSeen seen = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPandaProbe(options =>
        {
            options.Export = ProbeExport.None;
            options.CaptureContent = capture;
        });
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(seen));
        builder.Services.AddHostedService(_ => new Worker($"{name} work", otherIsThere.Task));
        using IHost host = builder.Build();
        await host.StartAsync();
        there.SetResult();
        await otherIsThere.Task;

        using (SpanScope span = Probe.StartSpan($"{name} step"))
            span.SetInput("secret");
        await host.Services.GetServices<IHostedService>().OfType<Worker>().Single().ExecuteTask!;

        done.SetResult();
        await otherIsDone.Task;
        await host.StopAsync();
        return [.. seen.Spans.Where(isolation.Owns)];
    }

    private sealed class Worker(string name, Task start) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await start.WaitAsync(stoppingToken);
            using SpanScope span = Probe.StartSpan(name);
            span.SetInput("secret");
        }
    }

    // Sees the spans of all hosts of the process, as every processor of another library does.
    private sealed class SpansSeen : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = new();

        public override void OnEnd(Activity data) => Spans.Enqueue(data);
    }
}
