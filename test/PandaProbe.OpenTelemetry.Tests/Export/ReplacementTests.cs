using PandaProbe.Export;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

// Probe.Configure is about the whole process.
[Collection(ProcessWide.Name)]
public sealed class ReplacementTests : IDisposable
{
    public void Dispose() => Probe.Shutdown();

    [Fact]
    public async Task What_ends_beside_a_replacement_is_stored_or_counted()
    {
        const int Threads = 4;
        await using Backend backend = await Backend.StartAsync(new() { TraceLimit = null, OtherLimit = null });
        List<PandaProbeExportProcessor> exporters = [];
        Configure();
        long ended = 0;
        using CancellationTokenSource stop = new();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                SpanScope span = Probe.StartSpan("step", ProbeSpanKind.Tool);
                bool recorded = span.IsRecording;
                Thread.Yield();
                span.Dispose();
                if (recorded)
                    Interlocked.Increment(ref ended);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        for (int replacement = 0; replacement < 5; replacement++)
        {
            long before = Volatile.Read(ref ended);
            Exporting.Eventually(() => Volatile.Read(ref ended) > before + 100, "the threads are at it");
            Configure();
        }

        Probe.Shutdown(TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        foreach (Thread thread in threads)
            thread.Join();
        Exporting.Eventually(() => exporters.TrueForAll(exporter => exporter.Health.SpansHeld == 0), "the last is settled");
        exporters.Count.ShouldBe(6);

        // What is under way when the time of a shutdown is up may be stored and counted as dropped.
        (exporters.Sum(exporter => exporter.Health.SpansDropped) + backend.SpansStored).ShouldBeGreaterThanOrEqualTo(ended);

        void Configure()
        {
            Probe.Configure(options =>
            {
                options.Export = ProbeExport.PandaProbe;
                options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
                options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
                options.PandaProbe.Endpoint = backend.Address;
                options.PandaProbe.TracesPerMinute = options.PandaProbe.OtherRequestsPerMinute = null;
                options.PandaProbe.MaxQueueSize = options.PandaProbe.MaxSpanCount = 1_000_000;
            });
            exporters.Add(LiveExporters.All.ShouldHaveSingleItem());
        }
    }
}
