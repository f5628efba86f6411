using OpenTelemetry;
using PandaProbe;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PandaProbe to the services of a host.</summary>
public static class PandaProbeServiceCollectionExtensions
{
    /// <summary>
    /// Adds PandaProbe to a host without any other package: tracing starts and stops with the host. Works together with OpenTelemetry.Extensions.Hosting too.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes the options, which start from the configuration section <c>PandaProbe</c> and the environment variables.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPandaProbe(this IServiceCollection services, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        new ServicesBuilder(services).AddPandaProbe(configure);
        return services;
    }

    private sealed class ServicesBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }
}
