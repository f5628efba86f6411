using Microsoft.Extensions.DependencyInjection;
using PandaProbe.Export;

namespace PandaProbe.Hosting;

/// <summary>Makes the exporter to PandaProbe from what the host has.</summary>
internal static class PandaProbeExport
{
    public static PandaProbeExportProcessor CreateProcessor(IServiceProvider services, PandaProbeOptions options) =>
        new(options, services.GetService<TimeProvider>());
}
