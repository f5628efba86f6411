using PandaProbe.Conventions;

namespace OpenTelemetry.Metrics;

/// <summary>Adds PandaProbe to a meter provider.</summary>
public static class PandaProbeMeterProviderBuilderExtensions
{
    /// <summary>
    /// Collects PandaProbe's metrics of model calls (tokens, durations, time to the first chunk, time between chunks, cost) and those of its exporter. Calls
    /// made with this library count whether or not their trace is sampled; calls of the AI libraries it knows count where they are recorded.
    /// <c>AddPandaProbe()</c> on a host's services or on its OpenTelemetry builder does this too.
    /// </summary>
    /// <param name="builder">The builder of a meter provider.</param>
    /// <returns>The same builder.</returns>
    public static MeterProviderBuilder AddPandaProbe(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(Instruments.MeterName, Instruments.ExporterMeterName);
    }
}
