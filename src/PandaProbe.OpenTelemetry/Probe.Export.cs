using PandaProbe.Export;

namespace PandaProbe;

// Watching the export.
public static partial class Probe
{
    /// <summary>
    /// Gets the state of the export to PandaProbe, one entry for each exporter of the process; empty when nothing is exported to PandaProbe. The metrics of the
    /// meter <see cref="ExporterMeterName"/> have the same numbers.
    /// </summary>
    public static IReadOnlyList<PandaProbeExporterHealth> ExporterHealth => [.. LiveExporters.All.Select(static exporter => exporter.Health)];
}
