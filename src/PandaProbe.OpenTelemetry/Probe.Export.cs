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

    /// <summary>
    /// Gets the address of the local viewer that runs on this machine; <see langword="null"/> when there is none. Its page of a trace is
    /// <c>traces/</c> and the OpenTelemetry trace id below it. Reads two files at each call.
    /// </summary>
    public static Uri? LocalViewer
    {
        get
        {
            DateTime abandoned = default;
            return Export.Local.LocalViewer.Find(Export.Local.LocalViewer.DefaultDirectory, ref abandoned)?.Address;
        }
    }
}
