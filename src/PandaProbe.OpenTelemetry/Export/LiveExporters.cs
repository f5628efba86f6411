using PandaProbe.Export.Scores;
using PandaProbe.Runtime;

namespace PandaProbe.Export;

/// <summary>The exporters to PandaProbe that are alive in this process.</summary>
internal static class LiveExporters
{
    public static IEnumerable<PandaProbeExportProcessor> All => ProcessSettings.Current.Exporters.OfType<PandaProbeExportProcessor>();

    public static void Add(ScoreItem score)
    {
        foreach (PandaProbeExportProcessor exporter in All)
            exporter.Add(score);
    }
}
