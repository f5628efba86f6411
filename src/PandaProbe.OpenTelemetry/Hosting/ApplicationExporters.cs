using System.Diagnostics;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace PandaProbe.Hosting;

/// <summary>
/// Looks for the exporters of the application. OpenTelemetry has no public list of a provider's processors, so this reads the list of
/// its builder by reflection.
/// </summary>
/// <param name="builder">The builder that the provider is built from. The list is complete once the provider is built.</param>
internal sealed class ApplicationExporters(TracerProviderBuilder builder)
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Processors =
        Type.GetType("OpenTelemetry.Trace.TracerProviderBuilderSdk, OpenTelemetry")?.GetProperty("Processors", Members);

    private static readonly FieldInfo? Exporter = typeof(BaseExportProcessor<Activity>).GetField("exporter", Members);

    /// <summary>
    /// Whether <c>AddOtlpExporter()</c>, <c>UseOtlpExporter()</c> or the application itself added an OTLP exporter. <see langword="false"/>
    /// when nobody can tell.
    /// </summary>
    public bool HasOtlp => Added is { } processors
        && processors.Any(processor =>
            processor is BaseExportProcessor<Activity> and not SimpleOtlpProcessor && Exporter?.GetValue(processor) is OtlpTraceExporter);

    /// <summary>
    /// Whether a processor is not of this library. Any processor may hand spans on. <see langword="true"/> when nobody can tell.
    /// </summary>
    public bool HasOthers =>
        Added is not { } processors
            || processors.Any(static processor => processor.GetType().Assembly != typeof(ApplicationExporters).Assembly);

    private IEnumerable<BaseProcessor<Activity>>? Added =>
        Processors is not null && Processors.DeclaringType!.IsInstanceOfType(builder)
            ? Processors.GetValue(builder) as IEnumerable<BaseProcessor<Activity>> : null;
}
