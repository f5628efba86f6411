using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PandaProbe;

namespace OpenTelemetry;

/// <summary>Adds PandaProbe to OpenTelemetry as a whole.</summary>
public static class PandaProbeOpenTelemetryBuilderExtensions
{
    /// <summary>
    /// Adds PandaProbe to the traces of an application, and to its metrics if it collects any. The builder is the result of
    /// <c>services.AddOpenTelemetry()</c> from the package OpenTelemetry.Extensions.Hosting, or the builder of
    /// <c>OpenTelemetrySdk.Create</c>.
    /// </summary>
    /// <inheritdoc cref="PandaProbeTracerProviderBuilderExtensions.AddPandaProbe"/>
    public static IOpenTelemetryBuilder AddPandaProbe(this IOpenTelemetryBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Configures the application's meter provider if there is one, and creates none.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            if (services.GetRequiredService<IOptions<PandaProbeOptions>>().Value.Enabled)
                metrics.AddPandaProbe();
        });
        return builder.WithTracing(tracing => tracing.AddPandaProbe(configure));
    }
}
