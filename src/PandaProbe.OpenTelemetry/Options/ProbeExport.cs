namespace PandaProbe;

/// <summary>Where traces go.</summary>
public enum ProbeExport
{
    /// <summary>
    /// To PandaProbe when an API key and a project are known; otherwise over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or
    /// <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c> is set and the application has no OTLP exporter of its own; otherwise nowhere, with one
    /// warning unless the application has one.
    /// </summary>
    Auto,

    /// <summary>To PandaProbe's own API.</summary>
    PandaProbe,

    /// <summary>Over OTLP, by OpenTelemetry's exporter with its own options and environment variables.</summary>
    Otlp,

    /// <summary>To both.</summary>
    Both,

    /// <summary>Nowhere from here: exporters that the application adds still get everything.</summary>
    None,

    /// <summary>
    /// To the local viewer (the tool <c>pandaprobe-local</c>) while it runs on this machine, with spans that still run. Nowhere while it
    /// does not run; a viewer that starts later is found.
    /// </summary>
    Local,
}
