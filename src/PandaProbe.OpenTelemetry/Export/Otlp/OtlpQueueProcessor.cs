using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Batches for the OTLP exporter: one bounded queue, several requests under way, failed batches tried again, and every span that is dropped
/// counted.
/// </summary>
internal sealed class OtlpQueueProcessor : CompositeProcessor<Activity>
{
    private const string ExportFailed = "export_failed";

    private readonly OtlpQueueSettings _settings;
    private readonly OtlpWorker[] _workers;
    private readonly Thread[] _threads;
    private readonly HeldMemory _memory = ProviderGroup.Current.Memory;
    private readonly ConcurrentQueue<(Activity Span, long Bytes)> _queue = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly ManualResetEventSlim _stop = new();
    private readonly object _taking = new();
    private long _entered;
    private long _taken;
    private long _dropped;
    private long _reportedDrops;
    private int _length;
    private int _flushing;
    private bool _warned;
    private volatile bool _closed;
    private volatile bool _emptied;
    private long _deadline = long.MaxValue;

    public OtlpQueueProcessor(OtlpQueueSettings settings, Func<BaseExporter<Activity>> exporter)
        : this(settings, [.. Enumerable.Range(0, settings.Workers).Select(_ => new OtlpWorker(exporter()))])
    {
    }

    private OtlpQueueProcessor(OtlpQueueSettings settings, OtlpWorker[] workers)
        : base(workers)
    {
        _settings = settings;
        _workers = workers;
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        _threads = [.. workers.Select(
            (worker, index) => new Thread(() => Run(worker)) { IsBackground = true, Name = $"PandaProbe.Otlp.{index}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    public OtlpQueueSettings Settings => _settings;

    public long Dropped => Volatile.Read(ref _dropped);

    public override void OnStart(Activity data)
    {
    }

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded)
            return;

        if (_closed || Interlocked.Increment(ref _length) > _settings.QueueSize)
        {
            if (!_closed)
                Interlocked.Decrement(ref _length);
            Drop(1, _closed ? DropReasons.Shutdown : DropReasons.QueueFull);
            return;
        }

        long bytes = SpanSize.Of(data);
        if (!_memory.TryHold(bytes, _settings.MaxMemoryBytes))
        {
            Interlocked.Decrement(ref _length);
            Drop(1, DropReasons.QueueFull);
            return;
        }

        // Counted first: a flush waits for as many as were counted, and none of them may be another that was not.
        long entered = Interlocked.Increment(ref _entered);
        _queue.Enqueue((data, bytes));
        if (entered % _settings.BatchSize == 0)
            _work.Release();
        if (_emptied)
            DropRest();
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        long target = Volatile.Read(ref _entered);
        Interlocked.Increment(ref _flushing);
        try
        {
            _work.Release(_workers.Length);
            bool isOut = SpinWait.SpinUntil(() => _emptied || IsOut(target), timeoutMilliseconds);

            // Flushed is not yet arrived: what was dropped since the flush before did not.
            long dropped = Dropped;
            return Interlocked.Exchange(ref _reportedDrops, dropped) == dropped && isOut;
        }
        finally
        {
            Interlocked.Decrement(ref _flushing);
        }
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        timeoutMilliseconds = Ending.Left(ParentProvider, timeoutMilliseconds);
        long start = Stopwatch.GetTimestamp();
        _closed = true;
        if (timeoutMilliseconds >= 0)
            Volatile.Write(ref _deadline, start + (long)(timeoutMilliseconds / 1000.0 * Stopwatch.Frequency));
        _stop.Set();
        _work.Release(_workers.Length);
        bool done = true;
        foreach (Thread thread in _threads)
            done &= thread.Join(timeoutMilliseconds < 0 ? timeoutMilliseconds : Left(timeoutMilliseconds, start));

        _emptied = true;
        Interlocked.MemoryBarrier();
        int left = DropRest();
        foreach (OtlpWorker worker in _workers)
            done &= worker.Shutdown(timeoutMilliseconds < 0 ? timeoutMilliseconds : Left(timeoutMilliseconds, start));
        return done && left == 0;
    }

    private void Run(OtlpWorker worker)
    {
        var batch = new Activity[_settings.BatchSize];
        while (true)
        {
            bool stopping = _stop.IsSet;

            // At the end each worker takes one of the wake-up calls: who took another's would leave that one asleep.
            bool full = !stopping && _work.Wait(_settings.Delay);
            do
            {
                int count = Take(worker, batch, out long bytes);
                if (count == 0)
                    break;

                int safe = Mask(batch, count);
                if (safe > 0)
                    Export(worker, batch, safe);
                _memory.Release(bytes);
                Array.Clear(batch, 0, count);
                worker.UnderWay = null;
            }
            while (!full || Volatile.Read(ref _flushing) > 0 || _stop.IsSet);

            if (stopping && _queue.IsEmpty)
                return;
        }
    }

    private int Take(OtlpWorker worker, Activity[] batch, out long bytes)
    {
        bytes = 0;
        lock (_taking)
        {
            int count = 0;
            while (count < batch.Length && _queue.TryDequeue(out (Activity Span, long Bytes) entry))
            {
                batch[count++] = entry.Span;
                bytes += entry.Bytes;
            }

            if (count > 0)
            {
                worker.UnderWay = _taken;
                _taken += count;
                Interlocked.Add(ref _length, -count);
            }

            return count;
        }
    }

    /// <summary>Masks the spans, and keeps at the front those that may leave. Returns how many.</summary>
    private int Mask(Activity[] batch, int count)
    {
        if (_settings.Scanner is not { } scanner)
            return count;

        int safe = 0;
        for (int i = 0; i < count; i++)
        {
            try
            {
                if (SpanMasking.TryApply(batch[i], scanner))
                    batch[safe++] = batch[i];
            }
            catch (Exception exception)
            {
                // Its message may contain what was to be masked.
                PandaProbeEventSource.Log.RedactionFailed("span", exception.GetType().FullName ?? exception.GetType().Name);
            }
        }

        Drop(count - safe, DropReasons.Unsafe);
        return safe;
    }

    private void Export(OtlpWorker worker, Activity[] batch, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (worker.Export(batch, count) == ExportResult.Success)
                {
                    OtlpStatistics.Exported(count);
                    return;
                }
            }
            catch (Exception exception)
            {
                PandaProbeEventSource.Log.TelemetryFailed("OTLP export", exception);
            }

            bool stopping = _stop.IsSet;
            TimeSpan delay = Backoff.Delay(attempt, Random.Shared.NextDouble()) / 2;
            long wakeAt = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(start, wakeAt) > _settings.RetryFor || wakeAt > Volatile.Read(ref _deadline))
            {
                Drop(count, ExportFailed);
                return;
            }

            OtlpStatistics.Retried();

            // A shutdown ends the wait and has it tried at once; from then on the deadline above decides how often.
            if (stopping)
                Thread.Sleep(delay);
            else
                _stop.Wait(delay);
        }
    }

    // Also what comes in beside the shutdown, after the workers have gone.
    private int DropRest()
    {
        int left = 0;
        while (_queue.TryDequeue(out (Activity Span, long Bytes) entry))
        {
            left++;
            _memory.Release(entry.Bytes);
        }

        Drop(left, DropReasons.Shutdown);
        return left;
    }

    private bool IsOut(long target)
    {
        lock (_taking)
        {
            if (_taken < target)
                return false;

            foreach (OtlpWorker worker in _workers)
            {
                if (worker.UnderWay < target)
                    return false;
            }

            return true;
        }
    }

    private void Drop(int count, string reason)
    {
        if (count == 0)
            return;

        Interlocked.Add(ref _dropped, count);
        OtlpStatistics.Dropped(count, reason);
        if (_warned)
            return;

        _warned = true;
        PandaProbeEventSource.Log.ExportProblem(
            reason == DropReasons.QueueFull
                ? $"The queue to the OTLP collector is full ({_settings.QueueSize} spans or {_settings.MaxMemoryBytes} bytes): new spans are dropped and counted in pandaprobe.otlp.spans.dropped. Raise OTEL_BSP_MAX_QUEUE_SIZE or MaxMemoryBytes."
                : $"Spans could not be sent to the OTLP collector ({reason}) and were dropped; they are counted in pandaprobe.otlp.spans.dropped.");
    }

    private static int Left(int timeoutMilliseconds, long start) =>
        (int)Math.Max(0, timeoutMilliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}
