using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.Export.Otlp;

/// <summary>One exporter, which the provider tells about its resource; the batches come from the queue.</summary>
internal sealed class OtlpWorker(BaseExporter<Activity> exporter) : BaseExportProcessor<Activity>(exporter)
{
    /// <summary>The position in the queue where the batch under way began; none when there is none.</summary>
    public long? UnderWay { get; set; }

    public ExportResult Export(Activity[] spans, int count)
    {
        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        return exporter.Export(new Batch<Activity>(spans, count));
    }

    protected override void OnExport(Activity data)
    {
    }
}
