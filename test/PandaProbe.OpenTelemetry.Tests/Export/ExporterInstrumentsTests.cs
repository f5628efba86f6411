using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using PandaProbe.Export;
using PandaProbe.Export.Otlp;
using PandaProbe.Export.Outcomes;
using PandaProbe.Inspection;
using PandaProbe.Processing;

namespace PandaProbe.Tests.Export;

public sealed class ExporterInstrumentsTests
{
    [Fact]
    public void What_was_given_up_for_one_reason_is_told_by_kind()
    {
        ExportStatistics statistics = new();
        statistics.TraceDropped("shutdown");
        statistics.SpansDropped(3, "shutdown");
        statistics.SpansDropped(2, "shutdown");
        statistics.ScoreDropped("shutdown");
        statistics.ScoreDropped("shutdown");
        statistics.TraceDropped("invalid");

        statistics.DroppedFor("shutdown").ShouldBe((1, 5, 2));
        statistics.DroppedFor("invalid").ShouldBe((1, 0, 0));
    }

    [Fact]
    public void Dashboards_find_every_instrument_by_its_name_and_unit()
    {
        RuntimeHelpers.RunClassConstructor(typeof(LiveExporters).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(ExportStatistics).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(OtlpStatistics).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(SafetyFindings).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(InspectionCounters).TypeHandle);
        using MeterListener listener = new();
        List<string> found = [];
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == Probe.ExporterMeterName)
                found.Add($"{instrument.Name} {instrument.Unit}");
        };
        listener.Start();

        found.Distinct().Order(StringComparer.Ordinal).ShouldBe(
        [
            "pandaprobe.exporter.queue.length {trace}",
            "pandaprobe.exporter.queue.spans {span}",
            "pandaprobe.exporter.request.duration s",
            "pandaprobe.exporter.requests.bytes By",
            "pandaprobe.exporter.requests.retried {request}",
            "pandaprobe.exporter.scores.dropped {score}",
            "pandaprobe.exporter.scores.exported {score}",
            "pandaprobe.exporter.scores.queued {score}",
            "pandaprobe.exporter.spans.dropped {span}",
            "pandaprobe.exporter.spans.exported {span}",
            "pandaprobe.exporter.spans.queued {span}",
            "pandaprobe.exporter.spool.size By",
            "pandaprobe.exporter.traces.dropped {trace}",
            "pandaprobe.exporter.traces.exported {trace}",
            "pandaprobe.exporter.traces.queued {trace}",
            "pandaprobe.otlp.requests.retried {request}",
            "pandaprobe.otlp.spans.dropped {span}",
            "pandaprobe.otlp.spans.exported {span}",
            "pandaprobe.safety.findings {finding}",
            "pandaprobe.safety.injections {attempt}",
            "pandaprobe.safety.spans.skipped {span}",
            "pandaprobe.safety.structures {finding}",
            "pandaprobe.safety.verdicts {text}",
        ]);
    }
}
