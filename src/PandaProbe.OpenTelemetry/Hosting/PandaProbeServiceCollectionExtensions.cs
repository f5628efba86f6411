using OpenTelemetry;
using PandaProbe;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PandaProbe to the services of a host.</summary>
public static class PandaProbeServiceCollectionExtensions
{
    /// <summary>
    /// Adds PandaProbe to a host. Tracing starts and stops with the host. No other package is needed, and OpenTelemetry.Extensions.Hosting
    /// may be used as well.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>PandaProbe</c> and the environment variables.
    /// <see langword="null"/> changes nothing.</param>
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
