using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.Testing;

/// <summary>
/// Sends spans when it is flushed. A flush ends when the viewer has answered; that of a batch processor may end when the spans were taken
/// from its queue, and the link of a failure would lead to nothing.
/// </summary>
internal sealed class ViewerProcessor(BaseExporter<Activity> viewer) : BaseExportProcessor<Activity>(viewer)
{
    private const int MaxBatch = 512;

    private readonly ConcurrentQueue<Activity> _waiting = new();
    private readonly object _sending = new();

    protected override void OnExport(Activity data) => _waiting.Enqueue(data);

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        long start = TimeProvider.System.GetTimestamp();
        if (!Monitor.TryEnter(_sending, timeoutMilliseconds))
            return false;

        try
        {
            double limit = timeoutMilliseconds == Timeout.Infinite ? double.MaxValue : timeoutMilliseconds;
            bool taken = true;
            while (taken && !_waiting.IsEmpty && TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < limit)
                taken = exporter.Export(NextBatch()) == ExportResult.Success;
            return taken && _waiting.IsEmpty;
        }
        finally
        {
            Monitor.Exit(_sending);
        }
    }

    private Batch<Activity> NextBatch()
    {
        List<Activity> batch = [];
        while (batch.Count < MaxBatch && _waiting.TryDequeue(out Activity? span))
            batch.Add(span);
        return new([.. batch], batch.Count);
    }
}
