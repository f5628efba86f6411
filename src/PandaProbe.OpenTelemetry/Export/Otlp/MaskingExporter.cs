using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Processing;

namespace PandaProbe.Export.Otlp;

/// <summary>Stands before an exporter of the application and makes spans safe on the thread that exports them.</summary>
/// <param name="inner">The exporter.</param>
/// <param name="scanner">What masks; <see langword="null"/> masks nothing.</param>
/// <param name="isLazy">Whether content waits until the exporter reads it, because the thread is that of the application.</param>
internal sealed class MaskingExporter(BaseExporter<Activity> inner, FieldScanners? scanner, bool isLazy) : BaseExporter<Activity>
{
    public BaseExporter<Activity> Inner => inner;

    public override ExportResult Export(in Batch<Activity> batch)
    {
        List<Activity> safe = [];
        foreach (Activity span in batch)
        {
            // What cannot be made safe does not leave.
            if (SpanMasking.TryApply(span, scanner, isLazy))
                safe.Add(span);
        }

        return safe.Count == 0 ? ExportResult.Success : inner.Export(new([.. safe], safe.Count));
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => inner.ForceFlush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => inner.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
