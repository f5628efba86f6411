using PandaProbe;
using PandaProbe.Hosting;

namespace OpenTelemetry.Trace;

/// <summary>Adds PandaProbe to a tracer provider.</summary>
public static class PandaProbeTracerProviderBuilderExtensions
{
    /// <summary>
    /// Adds <see cref="AddPandaProbeInstrumentation"/> and <see cref="AddPandaProbeExporter"/>: records PandaProbe's traces and those of the AI libraries it
    /// knows, and exports them as <see cref="PandaProbeOptions.Export"/> says. Your resource, sampler, processors and exporters stay as they are. What the
    /// options say about content holds for your exporters too, wherever they were added. Added twice, it counts once.
    /// </summary>
    /// <param name="builder">The builder of a tracer provider.</param>
    /// <param name="configure">Changes the options, which start from the configuration section <c>PandaProbe</c> and the environment variables.</param>
    /// <returns>The same builder.</returns>
    public static TracerProviderBuilder AddPandaProbe(this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null) =>
        builder.AddPandaProbeInstrumentation(configure).AddPandaProbeExporter();

    /// <summary>
    /// Records PandaProbe's traces and those of the AI libraries it knows: adds their sources, and the processor that applies the content policy, session, user
    /// and prices to every span. Exports nothing: for an application with exporters of its own.
    /// </summary>
    /// <inheritdoc cref="AddPandaProbe"/>
    public static TracerProviderBuilder AddPandaProbeInstrumentation(this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => Registration.AddInstrumentation(services, configure));
    }

    /// <summary>
    /// Exports the spans of the provider that are about AI as <see cref="PandaProbeOptions.Export"/> says. Adds no sources and no content policy: without
    /// <see cref="AddPandaProbeInstrumentation"/>, the provider records what its other sources give, and content goes out as it was recorded.
    /// </summary>
    /// <inheritdoc cref="AddPandaProbe"/>
    public static TracerProviderBuilder AddPandaProbeExporter(this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => Registration.AddExporter(services, configure));
    }
}
