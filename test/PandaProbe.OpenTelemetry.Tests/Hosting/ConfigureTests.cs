using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;

namespace PandaProbe.Hosting;

[Collection(ProcessWide.Name)]
public sealed class ConfigureTests : IDisposable
{
    public void Dispose() => Probe.Shutdown();

    [Fact]
    public async Task Flush_returns_once_the_collector_has_answered()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        ConfigureOtlp(receiver);

        for (int i = 1; i <= 5; i++)
        {
            Probe.StartTrace("flushed").Dispose();
            Probe.Flush().ShouldBeTrue();
            receiver.Spans.Count.ShouldBe(i);
        }
    }

    [Fact]
    public async Task A_collector_that_hangs_does_not_keep_flush_and_shutdown_beyond_their_time_and_they_say_so()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(hangs: true);
        ConfigureOtlp(receiver);
        Probe.StartTrace("stuck").Dispose();

        long start = Stopwatch.GetTimestamp();
        Probe.Flush(TimeSpan.FromMilliseconds(700)).ShouldBeFalse();
        Stopwatch.GetElapsedTime(start).ShouldBeInRange(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        await receiver.WaitForRequestAsync();
        receiver.Requests.Count.ShouldBe(1);

        start = Stopwatch.GetTimestamp();
        Probe.Shutdown(TimeSpan.FromMilliseconds(700));
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        Probe.StartTrace("late").IsRecording.ShouldBeFalse();
    }

    [Fact]
    public async Task Waiting_for_a_flush_without_a_thread_completes_once_the_collector_has_answered()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        ConfigureOtlp(receiver);
        Probe.StartTrace("flushed").Dispose();

        (await Probe.FlushAsync()).ShouldBeTrue();
        receiver.Spans.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_for_a_flush_ends_with_its_time_and_with_its_token()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(hangs: true);
        ConfigureOtlp(receiver);
        Probe.StartTrace("stuck").Dispose();

        (await Probe.FlushAsync(TimeSpan.FromMilliseconds(100))).ShouldBeFalse();
        using CancellationTokenSource cancelled = new();
        Task<bool> flushing = Probe.FlushAsync(TimeSpan.FromMinutes(5), cancelled.Token);
        flushing.IsCompleted.ShouldBeFalse();
        cancelled.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => flushing);
        await Should.ThrowAsync<OperationCanceledException>(() => Probe.FlushAsync(cancellationToken: cancelled.Token));
        Probe.Shutdown(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Nobody_waits_for_a_provider_that_is_being_replaced()
    {
        using ManualResetEventSlim stopping = new();
        using ManualResetEventSlim stop = new();
        Probe.Configure(options => options.Export = ProbeExport.None, tracing => tracing.AddProcessor(new SlowToStop(stopping, stop)));

        var replacing = Task.Run(() => Probe.Configure(options => options.Export = ProbeExport.None));
        stopping.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        Task<bool> flushing = Task.Run(() => Probe.Flush(TimeSpan.FromMilliseconds(100)));
        bool flushed = await Task.WhenAny(flushing, Task.Delay(TimeSpan.FromSeconds(20))) == flushing;
        stop.Set();
        await replacing;

        flushed.ShouldBeTrue();
    }

    private sealed class SlowToStop(ManualResetEventSlim stopping, ManualResetEventSlim stop) : BaseProcessor<Activity>
    {
        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            stopping.Set();
            return stop.Wait(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_collector_that_is_not_there_makes_flush_return_false()
    {
        OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        ConfigureOtlp(receiver);
        await receiver.DisposeAsync();

        Probe.StartTrace("lost").Dispose();

        Probe.Flush(TimeSpan.FromMilliseconds(500)).ShouldBeFalse("it is tried again for a minute");
        Probe.Shutdown(TimeSpan.FromMilliseconds(200)).ShouldBeFalse();
    }

    [Fact]
    public async Task Configured_again_the_earlier_provider_sends_what_it_holds_and_the_new_one_takes_over_alone()
    {
        await using OtlpReceiver first = await OtlpReceiver.StartAsync(), second = await OtlpReceiver.StartAsync();
        ConfigureOtlp(first);
        Probe.StartTrace("one").Dispose();

        ConfigureOtlp(second);
        Probe.StartTrace("two").Dispose();
        Probe.Flush().ShouldBeTrue();

        first.Spans.Select(span => span.Name).ShouldBe(["one"]);
        second.Spans.Select(span => span.Name).ShouldBe(["two"]);
    }

    [Fact]
    public void A_span_that_is_open_while_the_program_configures_again_ends_in_peace()
    {
        Probe.Configure(AddPandaProbeTests.ToNowhere);
        using TraceScope trace = Probe.StartTrace("across");
        Probe.Configure(AddPandaProbeTests.ToNowhere);

        trace.SetOutput("done");
        trace.StartSpan("child").Dispose();
        trace.Dispose();

        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void After_shutdown_nothing_is_recorded_until_the_next_set_up()
    {
        SnapshotExporter exporter = new();
        void Record(TracerProviderBuilder builder) => builder.AddProcessor(new SimpleActivityExportProcessor(exporter));
        Probe.Configure(AddPandaProbeTests.ToNowhere, Record);
        Probe.StartTrace("before").Dispose();
        Probe.Shutdown();
        Probe.Shutdown();
        Probe.Flush().ShouldBeTrue();

        using (TraceScope trace = Probe.StartTrace("between", sessionId: "s"))
        {
            trace.Activity.ShouldBeNull();
            trace.TraceId.ShouldBe(Guid.Empty);
            trace.SetOutput("nothing");
        }

        Probe.Configure(AddPandaProbeTests.ToNowhere, Record);
        Probe.StartTrace("after").Dispose();
        (exporter.Named("before").Count, exporter.Named("between").Count, exporter.Named("after").Count).ShouldBe((1, 0, 1));
    }

    [Fact]
    public void What_configure_is_told_about_the_provider_holds()
    {
        SnapshotExporter exporter = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        Probe.Configure(AddPandaProbeTests.ToNowhere,
            tracing => tracing.AddSource(source.Name).AddProcessor(new SimpleActivityExportProcessor(exporter)));

        using (Probe.User("u"))
            source.StartActivity("foreign")!.Dispose();

        exporter.Named("foreign").ShouldHaveSingleItem()["user.id"].ShouldBe("u");
    }

    [Theory]
    [InlineData("PANDAPROBE_ENABLED", "false")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public void Switched_off_by_the_environment_every_scope_does_nothing(string variable, string value)
    {
        using EnvironmentVariables environment = new(variable, value);
        SnapshotExporter exporter = new();
        Probe.Configure(AddPandaProbeTests.ToNowhere, tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(exporter)));

        using (TraceScope trace = Probe.StartTrace("off", sessionId: "s"))
        using (SpanScope span = trace.StartSpan("step", ProbeSpanKind.Llm, model: "m"))
        {
            (trace.Activity, span.Activity, span.IsRecording).ShouldBe((null, null, false));
            span.SetTokenUsage(1, 1);
        }

        exporter.Named("off").ShouldBeEmpty();
        Probe.Flush().ShouldBeTrue();
    }

    private static void ConfigureOtlp(OtlpReceiver receiver) => Probe.Configure(options =>
    {
        options.Export = ProbeExport.Otlp;
        options.Otlp.Configure = otlp => AddPandaProbeTests.To(receiver, otlp);
    });
}
