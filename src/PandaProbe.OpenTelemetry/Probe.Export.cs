using PandaProbe.Export;

namespace PandaProbe;

public static partial class Probe
{
    /// <summary>
    /// Gets the state of each exporter of this process that sends to PandaProbe. Empty when there is none. The meter
    /// <see cref="ExporterMeterName"/> reports the same numbers.
    /// </summary>
    public static IReadOnlyList<PandaProbeExporterHealth> ExporterHealth =>
        [.. LiveExporters.All.Select(static exporter => exporter.Health)];
}
