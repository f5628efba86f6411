using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting;

/// <summary>
/// Adds environment and release to the resource, so that OTLP backends get what PandaProbe gets. What the resource has already stays.
/// </summary>
internal static class ResourceAttributes
{
    public static void Add(TracerProviderBuilder builder, PandaProbeExporterOptions options)
    {
        if (!string.IsNullOrEmpty(options.Environment) || !string.IsNullOrEmpty(options.Release))
            builder.ConfigureResource(resource => Add(resource, options));
    }

    private static void Add(ResourceBuilder resource, PandaProbeExporterOptions options)
    {
        try
        {
            // Of two values for one name the SDK takes the later one, so ours must not be added after another.
            HashSet<string> known = [.. resource.Build().Attributes.Select(attribute => attribute.Key)];
            KeyValuePair<string, string?>[] own =
                [new(General.Deployment.EnvironmentName, options.Environment), new(General.Service.Version, options.Release)];
            resource.AddAttributes(own.Where(each => !string.IsNullOrEmpty(each.Value) && !known.Contains(each.Key))
                .Select(each => new KeyValuePair<string, object>(each.Key, each.Value!)));
        }
        catch (Exception exception)
        {
            // A detector of the application needs services that do not exist yet.
            PandaProbeEventSource.Log.TelemetryFailed("resource", exception);
        }
    }
}
