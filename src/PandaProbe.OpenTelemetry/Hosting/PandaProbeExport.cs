using Microsoft.Extensions.DependencyInjection;
using PandaProbe.Export;

namespace PandaProbe.Hosting;

/// <summary>Creates the exporter to PandaProbe from the host's services.</summary>
internal static class PandaProbeExport
{
    public static PandaProbeExportProcessor CreateProcessor(IServiceProvider services, PandaProbeOptions options) =>
        new(options, services.GetService<TimeProvider>());
}
