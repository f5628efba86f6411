using OpenTelemetry.Trace;

namespace PandaProbe.Runtime;

/// <summary>An exporter to PandaProbe, from its creation to its shutdown.</summary>
internal interface ILiveExporter
{
    PandaProbeExporterHealth Health { get; }

    /// <summary>The provider that it is a part of, once that is built.</summary>
    TracerProvider? Provider { get; }
}
