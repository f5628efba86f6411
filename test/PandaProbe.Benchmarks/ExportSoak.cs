using System.Diagnostics;
using System.Globalization;
using PandaProbe.TestBackend;

namespace PandaProbe.Benchmarks;

/// <summary>
/// 200,000 traces of 10 spans through the exporter to the test backend in this process: nothing may be lost, and memory stays flat.
/// <c>dotnet run -c Release -- soak [traces]</c>
/// </summary>
internal static class ExportSoak
{
    public static async Task RunAsync(int traces)
    {
        await using Backend backend = await Backend.StartAsync(
            new() { KeepContent = false, CountOnly = true, TraceLimit = null, OtherLimit = null });
        Probe.Configure(options =>
        {
            options.Export = ProbeExport.PandaProbe;
            options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
            options.PandaProbe.TracesPerMinute = null;
            options.PandaProbe.OtherRequestsPerMinute = null;
            options.PandaProbe.MaxQueueSize = 10_000;
            options.PandaProbe.FlushInterval = TimeSpan.FromMilliseconds(200);
        });

        string text = new('x', 1000);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < traces; i++)
        {
            using (TraceScope trace = Probe.StartTrace("soak", input: text))
            {
                for (int j = 0; j < 10; j++)
                {
                    using SpanScope span = trace.StartSpan("step", ProbeSpanKind.Tool);
                    span.SetInput(text);
                }
            }

            // Produce as fast as it leaves: this is about loss and memory, not about overload.
            while (Probe.ExporterHealth[0] is { QueueLength: > 500 } or { SpansHeld: > 20_000 })
                Thread.Sleep(1);
            if (i % (traces / 10) == 0)
                Report(i);
        }

        Probe.Flush(TimeSpan.FromMinutes(1));
        Report(traces);
        PandaProbeExporterHealth health = Probe.ExporterHealth[0];
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{traces} traces, {traces * 10L} spans in {elapsed.TotalSeconds:0.0} s: {health.TracesExported} traces and {health.SpansExported} spans exported, {health.SpansDropped} dropped, {health.Retries} retries; backend received {backend.Counted.Count} traces and {backend.SpansReceived} spans, {backend.Violations.Count} violations"));
        Probe.Shutdown();

        static void Report(int done)
        {
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{done,8} traces: {managed / 1048576.0,7:0.0} MiB managed after GC, {System.Environment.WorkingSet / 1048576.0,7:0.0} MiB working set"));
        }
    }
}
