using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export;
using PandaProbe.Runtime;

namespace PandaProbe.Tests.Export;

/// <summary>Spans whose provider leaves before they end.</summary>
public sealed class DepartedTests
{
    [Fact]
    public void What_was_open_when_its_provider_left_is_counted_as_dropped_and_what_starts_later_is_not()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        PandaProbeExportProcessor exporter = new(
            new() { PandaProbe = { ApiKey = "key", ProjectName = "project", Endpoint = new("http://127.0.0.1:1") } });
        TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)
            .AddProcessor(exporter).Build();
        TraceScope trace = Probe.StartTrace("trace");
        SpanScope span = trace.StartSpan("step");

        provider.Dispose();
        exporter.Health.SpansDropped.ShouldBe(0);
        Probe.StartTrace("later").Dispose();
        span.Dispose();
        trace.Dispose();

        exporter.Health.DroppedByReason.ShouldBe(
            new Dictionary<string, long> { ["traces.shutdown"] = 1, ["spans.shutdown"] = 1 }, ignoreOrder: true);
    }
}
