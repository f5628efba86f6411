using OpenTelemetry.Exporter;

namespace PandaProbe;

/// <summary>Options of the OTLP exporter that <c>AddPandaProbe()</c> adds, in <see cref="PandaProbeOptions.Otlp"/>.</summary>
public sealed class PandaProbeOtlpOptions
{
    /// <summary>
    /// Gets or sets a function that changes the options of OpenTelemetry's OTLP exporter. It is called after the
    /// <c>OTEL_EXPORTER_OTLP_*</c> variables were read. The default is <see langword="null"/>.
    /// </summary>
    /// <example><code>options.Otlp.Configure = otlp => otlp.Endpoint = new Uri("http://collector:4317");</code></example>
    public Action<OtlpExporterOptions>? Configure { get; set; }
}
