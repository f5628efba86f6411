using OpenTelemetry.Exporter;

namespace PandaProbe;

/// <summary>Options of the OTLP exporter that <c>AddPandaProbe()</c> adds, in <see cref="PandaProbeOptions.Otlp"/>.</summary>
public sealed class PandaProbeOtlpOptions
{
    internal const int DefaultMaxRequestBytes = 3_670_016;
    internal const int SmallestMaxRequestBytes = 64 * 1024;

    /// <summary>
    /// Gets or sets the backends whose own attribute names are written beside those of the conventions, on spans for every exporter but
    /// PandaProbe's. Each costs bytes, so name only the backends that you use. The default is <see cref="ProbeDialects.None"/>: the
    /// conventions and the few names that several backends read. Environment variable: <c>PANDAPROBE_OTLP_DIALECTS</c>, several names with
    /// commas between them.
    /// </summary>
    /// <example><code>options.Otlp.Dialects = ProbeDialects.Langfuse | ProbeDialects.MLflow;</code></example>
    public ProbeDialects Dialects { get; set; }

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
