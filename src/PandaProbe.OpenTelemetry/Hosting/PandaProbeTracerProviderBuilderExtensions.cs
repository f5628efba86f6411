using PandaProbe;
using PandaProbe.Hosting;

namespace OpenTelemetry.Trace;

/// <summary>Adds PandaProbe to a tracer provider.</summary>
public static class PandaProbeTracerProviderBuilderExtensions
{
    /// <summary>
    /// Adds <see cref="AddPandaProbeInstrumentation"/> and <see cref="AddPandaProbeExporter"/>. Records PandaProbe's traces and those of
    /// supported AI libraries, and exports them according to <see cref="PandaProbeOptions.Export"/>. Your resource, sampler, processors and
    /// exporters stay unchanged. The content options apply to your exporters too, in any order of registration. A second call adds nothing.
    /// </summary>
    /// <param name="builder">The builder of a tracer provider.</param>
    /// <param name="configure">Changes the options, after the configuration section <c>PandaProbe</c> and the environment variables.
    /// <see langword="null"/> changes nothing.</param>
    /// <returns>The same builder.</returns>
    public static TracerProviderBuilder AddPandaProbe(this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null) =>
        builder.AddPandaProbeInstrumentation(configure).AddPandaProbeExporter();

    /// <summary>
    /// Records PandaProbe's traces and those of supported AI libraries. Adds their sources, and the processor that applies the content
    /// policy, session, user and prices to every span. Exports nothing: use it in an application with exporters of its own.
    /// </summary>
    /// <inheritdoc cref="AddPandaProbe"/>
    public static TracerProviderBuilder AddPandaProbeInstrumentation(
        this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => Registration.AddInstrumentation(services, configure));
    }

    /// <summary>
    /// Exports the AI spans of the provider according to <see cref="PandaProbeOptions.Export"/>. Adds no sources and no content policy.
    /// Without <see cref="AddPandaProbeInstrumentation"/>, content is exported as it was recorded.
    /// </summary>
    /// <inheritdoc cref="AddPandaProbe"/>
    public static TracerProviderBuilder AddPandaProbeExporter(
        this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => Registration.AddExporter(services, configure));
    }
}
