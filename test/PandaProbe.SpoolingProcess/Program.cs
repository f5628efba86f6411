using PandaProbe;

// A process to be killed while its backend is down, or to replay what such a process left.
// Arguments: address, spool directory, number of traces. Prints a line when all of them are on disk, or, with 0 traces, when the disk is
// empty.
string address = args[0];
string directory = args[1];
int count = int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture);

Probe.Configure(options =>
{
    options.Export = ProbeExport.PandaProbe;
    options.PandaProbe.ApiKey = "pp_test_key_0123456789";
    options.PandaProbe.ProjectName = "test-project";
    options.PandaProbe.Endpoint = new Uri(address);
    options.PandaProbe.SpoolDirectory = directory;
    options.PandaProbe.FlushInterval = TimeSpan.FromMilliseconds(100);
    options.PandaProbe.TracesPerMinute = null;
    options.PandaProbe.OtherRequestsPerMinute = null;
});

for (int i = 0; i < count; i++)
{
    using TraceScope trace = Probe.StartTrace($"trace-{Environment.ProcessId}-{i}");
    using SpanScope span = trace.StartSpan("step");
}

bool done = SpinWait.SpinUntil(
    () =>
    {
        Thread.Sleep(10);
        PandaProbeExporterHealth health = Probe.ExporterHealth[0];
        return count > 0 ? health.TracesSpooled == count : health.SpoolSize == 0;
    },
    TimeSpan.FromMinutes(2));
Console.WriteLine(done ? "ready" : "not ready: " + Probe.ExporterHealth[0]);
if (count > 0)
    Console.In.ReadToEnd(); // until it is killed, or whoever started it is gone
else
    Probe.Shutdown();
