using System.Diagnostics.Metrics;
using PandaProbe.Conventions;

namespace PandaProbe.Export.Otlp;

/// <summary>What became of the spans that go out over OTLP.</summary>
internal static class OtlpStatistics
{
    private static readonly Counter<long> ExportedSpans = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.otlp.spans.exported", "{span}", "Spans that the collector took.");
    private static readonly Counter<long> DroppedSpans = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.otlp.spans.dropped", "{span}", "Spans that were given up, by reason.");
    private static readonly Counter<long> Retries = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.otlp.requests.retried", "{request}", "Attempts that will be repeated.");

    public static void Exported(int count) => ExportedSpans.Add(count);

    public static void Dropped(int count, string reason) => DroppedSpans.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public static void Retried() => Retries.Add(1);
}
