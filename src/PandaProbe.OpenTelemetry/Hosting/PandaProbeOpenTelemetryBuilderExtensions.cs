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
    /// Adds PandaProbe to what <c>services.AddOpenTelemetry()</c> of the package OpenTelemetry.Extensions.Hosting returns, or to the builder of
    /// <c>OpenTelemetrySdk.Create</c>: to its traces, and to its metrics if the application collects any.
    /// </summary>
    /// <inheritdoc cref="PandaProbeTracerProviderBuilderExtensions.AddPandaProbe"/>
    public static IOpenTelemetryBuilder AddPandaProbe(this IOpenTelemetryBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Configures a meter provider that the application has anyway and creates none.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            if (services.GetRequiredService<IOptions<PandaProbeOptions>>().Value.Enabled)
                metrics.AddPandaProbe();
        });
        return builder.WithTracing(tracing => tracing.AddPandaProbe(configure));
    }
}
