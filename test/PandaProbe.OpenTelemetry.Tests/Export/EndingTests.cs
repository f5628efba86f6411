using System.Runtime.CompilerServices;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>What happens beside, during and after a shutdown.</summary>
public sealed class EndingTests
{
    [Fact]
    public async Task After_its_end_no_timer_keeps_an_exporter()
    {
        await using Backend backend = await Backend.StartAsync();
        FakeTime time = new();
        using (Exporting export = new(backend, time: time))
        {
            Probe.StartTrace("trace").Dispose();
            export.Flush().ShouldBeTrue();
            time.Timers.ShouldBeGreaterThan(0);
        }

        time.Timers.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public async Task What_ends_beside_a_shutdown_is_stored_or_counted(int timeout)
    {
        const int Threads = 4;
        await using Backend backend = await Backend.StartAsync(new() { TraceLimit = null, OtherLimit = null });
        using Exporting export = new(backend, options => options.MaxQueueSize = options.MaxSpanCount = 1_000_000);

        // Without any time, nobody waits for the answers that are under way.
        export.Ledger.MayDropWhatIsStored = timeout == 0;
        long ended = 0;
        using CancellationTokenSource stop = new();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using (TraceScope trace = Probe.StartTrace("beside"))
                    trace.StartSpan("step").Dispose();
                Interlocked.Increment(ref ended);
                Thread.Yield();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        Exporting.Eventually(() => Volatile.Read(ref ended) > 200, "the threads are at it");
        export.Exporter.Shutdown(timeout);
        long before = Volatile.Read(ref ended);
        Exporting.Eventually(() => Volatile.Read(ref ended) > before + 200, "the threads go on after it");
        await stop.CancelAsync();
        foreach (Thread thread in threads)
            thread.Join();

        Exporting.Eventually(() => export.Health is { SpansHeld: 0, QueueLength: 0 }, "the last is settled");
        PandaProbeExporterHealth health = export.Health;
        (health.SpansExported + health.SpansDropped).ShouldBe(ended);
        health.SpansQueued.ShouldBe(ended);
        health.DroppedByReason["spans.shutdown"].ShouldBe(health.SpansDropped);
        health.DroppedByReason["traces.shutdown"].ShouldBe(health.TracesDropped);
        if (timeout == 0)
            return;

        // A trace that was open was sent ahead as RUNNING, and its end was dropped and counted. Where it had ended until then, it was sent
        // as COMPLETED.
        (backend.SpansStored + health.SpansDropped).ShouldBe(ended);
        long completed = backend.Traces.Values.Count(trace => trace.Status == "COMPLETED");
        (completed + health.TracesDropped).ShouldBeInRange(ended, ended + Threads);
    }

    [Fact]
    public async Task A_trace_whose_end_comes_too_late_is_complete_at_once()
    {
        await using Backend backend = await Backend.StartAsync();
        TraceScope trace = default;
        using Exporting export = new(backend, options => options.SpanFilter = _ =>
        {
            // The shutdown takes the span from the queue now, and lets nothing more in.
            using (ExecutionContext.SuppressFlow())
                Task.Run(() => trace.Dispose()).Wait();
            return true;
        });
        export.Ledger.MayDropWhatIsStored = true;
        trace = Probe.StartTrace("late");
        trace.StartSpan("step").Dispose();
        export.Exporter.Shutdown(60_000).ShouldBeTrue();
        backend.Traces.Values.ShouldHaveSingleItem().Status.ShouldBe("COMPLETED");
        backend.SpansStored.ShouldBe(1);
        backend.Requests.ShouldNotContain(request => request.Status == 404);
        export.Health.DroppedByReason["traces.shutdown"].ShouldBe(1);
    }

    [Fact]
    public async Task A_shutdown_takes_the_time_that_it_is_given_and_no_more()
    {
        // Nobody can make it give up.
        using Deaf deaf = new();
        FakeTime time = new();
        using Exporting export = new(new Uri("http://127.0.0.1:1"), options => options.HttpMessageHandler = deaf, time);
        export.Ledger.Unbalanced = "a request never ends, so that nothing is settled";
        using (Probe.StartTrace("trace"))
        {
        }

        time.Until(() => deaf.Asked > 0, "a request is under way");
        Task<bool> shutdown = Task.Run(() => export.Exporter.Shutdown(10_000));
        Exporting.Eventually(
            () =>
            {
                Probe.StartTrace("too late").Dispose();
                return export.Health.TracesDropped > 0;
            },
            "it has begun");
        time.Advance(TimeSpan.FromSeconds(9));
        shutdown.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        (await shutdown.WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_lost_at_the_end_is_told_once_with_its_numbers()
    {
        using Diagnostics.Events events = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        using Exporting export = new(backend);
        for (int i = 0; i < 30; i++)
        {
            using TraceScope trace = Probe.StartTrace("lost");
            trace.StartSpan("step").Dispose();
        }

        export.Exporter.Shutdown(400).ShouldBeFalse();
        PandaProbeExportError error = export.Errors.ShouldHaveSingleItem();
        error.Message.ShouldContain("30 traces, 30 spans and 0 scores");
        error.DropReason.ShouldBe("shutdown");
        error.Spans.ShouldBe(30);
        export.Health.LastError.ShouldBe(error.Message);
        events.Warnings.Count(warning => warning.Contains("30 traces, 30 spans")).ShouldBe(1);
    }

    [Fact]
    public async Task Neither_a_thread_nor_a_sender_stays_behind()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        WeakReference exporter = await Task.Run(() => UseUp(backend));
        Exporting.Eventually(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !exporter.IsAlive;
            },
            "nothing holds the exporter");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseUp(Backend backend)
    {
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        using (Probe.StartTrace("trace"))
        {
        }

        time.Until(() => backend.Requests.Count > 0, "a request is under way");
        return new(export.Exporter);
    }

    /// <summary>Never answers, and does not listen to whoever cancels.</summary>
    private sealed class Deaf : HttpMessageHandler
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        }
    }
}
