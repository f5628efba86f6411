namespace PandaProbe.Runtime;

/// <summary>An exporter to PandaProbe, from its creation to its shutdown.</summary>
internal interface ILiveExporter
{
    PandaProbeExporterHealth Health { get; }
}
