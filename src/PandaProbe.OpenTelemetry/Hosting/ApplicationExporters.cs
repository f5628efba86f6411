using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using PandaProbe.Export.Otlp;

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
    private static readonly FieldInfo? Worker = typeof(BatchExportProcessor<Activity>).GetField("worker", Members);

    // The thread of a batch has a copy of its own.
    private static readonly FieldInfo? ExporterOfWorker = FindExporterOfWorker();

    /// <summary>
    /// Whether <c>AddOtlpExporter()</c>, <c>UseOtlpExporter()</c> or the application itself added an OTLP exporter. <see langword="false"/>
    /// when nobody can tell.
    /// </summary>
    public bool HasOtlp => Added is { } processors
        && processors.Any(processor => processor is BaseExportProcessor<Activity>
            && (Exporter?.GetValue(processor) is OtlpTraceExporter or MaskingExporter { Inner: OtlpTraceExporter }));

    private IEnumerable<BaseProcessor<Activity>>? Added =>
        Processors is not null && Processors.DeclaringType!.IsInstanceOfType(builder)
            ? Processors.GetValue(builder) as IEnumerable<BaseProcessor<Activity>> : null;

    /// <summary>
    /// Lets the exporters of the application make spans safe by themselves, those behind a batch on its thread. Returns whether anybody
    /// else reads spans on the thread that ends them: any other processor may hand spans on. <see langword="true"/> when nobody can tell.
    /// </summary>
    /// <param name="scanner">What masks spans.</param>
    public bool ReadAtEnd(FieldScanners? scanner)
    {
        if (Added is not { } processors)
            return true;

        bool isReadAtEnd = false;
        foreach (BaseProcessor<Activity> processor in processors)
        {
            if (processor.GetType().Assembly != typeof(ApplicationExporters).Assembly)
                isReadAtEnd |= !TryWrap(processor, scanner);
        }

        return isReadAtEnd;
    }

    // Subclasses may do more than to export.
    private static bool TryWrap(BaseProcessor<Activity> processor, FieldScanners? scanner)
    {
        bool isBatch = processor.GetType() == typeof(BatchActivityExportProcessor);
        if (Exporter is null || (!isBatch && processor.GetType() != typeof(SimpleActivityExportProcessor)))
            return false;

        if (Exporter.GetValue(processor) is not BaseExporter<Activity> exporter)
            return false;

        MaskingExporter safe = new(exporter, scanner, isLazy: !isBatch);
        if (isBatch)
        {
            if (Worker?.GetValue(processor) is not { } worker || ExporterOfWorker?.DeclaringType!.IsInstanceOfType(worker) != true
                || ExporterOfWorker.GetValue(worker) is not BaseExporter<Activity>)
            {
                return false;
            }

            ExporterOfWorker.SetValue(worker, safe);
        }

        Exporter.SetValue(processor, safe);
        return true;
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "Where the field was trimmed away, the thread that ends a span masks it.")]
    private static FieldInfo? FindExporterOfWorker()
    {
        for (Type? type = Worker?.FieldType; type is not null; type = type.BaseType)
        {
            if (type.GetField("<Exporter>k__BackingField", Members | BindingFlags.DeclaredOnly) is { } field)
                return field;
        }

        return null;
    }
}
