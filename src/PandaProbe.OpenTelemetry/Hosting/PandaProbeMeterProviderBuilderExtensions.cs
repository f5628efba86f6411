using PandaProbe.Conventions;

namespace OpenTelemetry.Metrics;

/// <summary>Adds PandaProbe to a meter provider.</summary>
public static class PandaProbeMeterProviderBuilderExtensions
{
    /// <summary>
    /// Collects PandaProbe's metrics of model calls and of its exporter. The metrics of model calls are tokens, durations, time to the
    /// first chunk, time between chunks, and cost. Calls made with this library count even if their trace is not sampled. Calls of
    /// supported AI libraries count only if they are recorded. <c>AddPandaProbe()</c> on a host's services or on its OpenTelemetry builder
    /// includes this.
    /// </summary>
    /// <param name="builder">The builder of a meter provider.</param>
    /// <returns>The same builder.</returns>
    public static MeterProviderBuilder AddPandaProbe(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(Instruments.MeterName, Instruments.ExporterMeterName);
    }
}
