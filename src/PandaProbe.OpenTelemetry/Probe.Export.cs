using PandaProbe.Export;

namespace PandaProbe;

// Watching the export.
public static partial class Probe
{
    /// <summary>
    /// How the export to PandaProbe is doing, one entry for each exporter of the process; empty when nothing is exported to PandaProbe. The same numbers are in
    /// the metrics of the meter <c>PandaProbe.Exporter</c>.
    /// </summary>
    public static IReadOnlyList<PandaProbeExporterHealth> ExporterHealth => [.. LiveExporters.All.Select(static exporter => exporter.Health)];
}
