using OpenTelemetry.Exporter;

namespace PandaProbe;

/// <summary>Options of the OTLP exporter that <c>AddPandaProbe()</c> adds, in <see cref="PandaProbeOptions.Otlp"/>.</summary>
public sealed class PandaProbeOtlpOptions
{
    internal const int DefaultMaxRequestBytes = 3_670_016;
    internal const int SmallestMaxRequestBytes = 64 * 1024;

    /// <summary>
    /// Gets or sets a function that changes the options of OpenTelemetry's OTLP exporter. It is called after the
    /// <c>OTEL_EXPORTER_OTLP_*</c> variables were read. The default is <see langword="null"/>.
    /// </summary>
    /// <example><code>options.Otlp.Configure = otlp => otlp.Endpoint = new Uri("http://collector:4317");</code></example>
    public Action<OtlpExporterOptions>? Configure { get; set; }

    /// <summary>
    /// Gets or sets how many bytes a request with several spans has at most, before compression, at least 65,536. One span that is larger
    /// is sent alone; if the receiver finds it too large, its longest texts are shortened. The default is 3,670,016 (3.5 MiB), because a
    /// collector takes 4 MiB over gRPC.
    /// </summary>
    public int MaxRequestBytes { get; set; } = DefaultMaxRequestBytes;
}
