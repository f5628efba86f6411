using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Export;

/// <summary>The exporters to PandaProbe that are alive in this process.</summary>
internal static class LiveExporters
{
    static LiveExporters()
    {
        Instruments.Exporter.CreateObservableGauge(
            "pandaprobe.exporter.queue.length", static () =>
                All.Sum(static exporter => (long)exporter.QueueLength), "{trace}", "Traces that wait to be sent.");
        Instruments.Exporter.CreateObservableGauge(
            "pandaprobe.exporter.queue.spans", static () =>
                All.Sum(static exporter => exporter.Statistics.Held), "{span}", "Spans that are held in memory.");
        Instruments.Exporter.CreateObservableGauge(
            "pandaprobe.exporter.spool.size", static () =>
                All.Sum(static exporter => exporter.SpoolSize), "By", "Bytes on disk that wait to be sent.");
    }

    public static IEnumerable<PandaProbeExportProcessor> All => ProcessSettings.Current.Exporters.OfType<PandaProbeExportProcessor>();

    public static void Add(PandaProbeExportProcessor exporter, ProviderGroup group) => group.Change(all => all.With(exporter));

    public static void Remove(PandaProbeExportProcessor exporter, ProviderGroup group) => group.Change(all => all.Without(exporter));
}
