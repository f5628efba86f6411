using Microsoft.Extensions.Diagnostics.HealthChecks;
using PandaProbe.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PandaProbe to the health checks of a host.</summary>
public static class PandaProbeHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of the export to PandaProbe. It is healthy while everything is exported, and while no exporter to PandaProbe
    /// exists. It fails while PandaProbe cannot be reached, and once after each loss of spans, traces or scores. Its data are the numbers
    /// of <see cref="PandaProbe.Probe.ExporterHealth"/>, summed over the exporters of the process.
    /// </summary>
    /// <param name="builder">The result of <c>services.AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status on failure. The default is degraded, because the application works without the
    /// export.</param>
    /// <param name="tags">Tags for selecting the check. <see langword="null"/>, the default, adds none.</param>
    /// <returns>The same builder.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddHealthChecks().AddPandaProbe();
    /// app.MapHealthChecks("/health");
    /// </code>
    /// </example>
    public static IHealthChecksBuilder AddPandaProbe(
        this IHealthChecksBuilder builder, string name = "pandaprobe", HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, new ExporterHealthCheck(), failureStatus, tags));
    }
}
