using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// One bounded queue in front of several exporters of OpenTelemetry; every span that is dropped is counted.
/// <para>
/// <see cref="BatchActivityExportProcessor"/> with the exporter's own retry (OpenTelemetry 1.20.1) cannot replace it. That processor counts
/// spans and no bytes, and has one request under way. The exporter drops a batch beyond
/// <see cref="OtlpExporterOptions.MaxRequestSizeBytes"/>
/// as a whole, and a batch that the receiver finds too large as well. Its retry is experimental, and its result does not tell what the
/// receiver said.
/// </para>
/// </summary>
internal sealed class OtlpQueueProcessor : CompositeProcessor<Activity>
{
    private readonly OtlpQueueSettings _settings;
    private readonly OtlpReporter _reporter;
    private readonly OtlpSender _sender;
    private readonly OtlpWorker[] _workers;
    private readonly Lazy<Thread[]> _threads;
    private readonly Lazy<bool> _isWanted;
    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly ConcurrentQueue<(Activity Span, long Bytes)> _queue = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly object _counting = new();
    private readonly object _taking = new();
    private long _entered;
    private int _gathered;
    private long _gatheredBytes;
    private long _taken;
    private long _dropped;
    private long _reportedDrops;
    private int _length;
    private int _flushing;
    private volatile bool _closed;
    private volatile bool _emptied;

    /// <param name="settings">The bounds of the queue.</param>
    /// <param name="otlp">The options of the exporters.</param>
    /// <param name="isWanted">Asked at the first span, when the provider is complete; <see langword="false"/> exports nothing.</param>
    public OtlpQueueProcessor(OtlpQueueSettings settings, OtlpExporterOptions otlp, Func<bool>? isWanted = null)
        : this(settings, [.. Enumerable.Range(0, settings.Workers).Select(_ => OtlpWorker.Create(otlp))], isWanted)
    {
    }

    private OtlpQueueProcessor(OtlpQueueSettings settings, OtlpWorker[] workers, Func<bool>? isWanted)
        : base(workers)
    {
        _settings = settings;
        _workers = workers;
        _reporter = new(TimeProvider.System);
        _sender = new(settings, _reporter, Drop, TimeProvider.System, Random.Shared.NextDouble);
        _threads = new(StartThreads);
        _isWanted = new(isWanted ?? (static () => true));
        _group.Memory.AddLimit(settings.MaxMemoryBytes);
    }

    public OtlpQueueSettings Settings => _settings;

    public long Dropped => Volatile.Read(ref _dropped);

    public override void OnStart(Activity data) => ProviderGroup.Claim(data);

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded && !UnsafeSpan.Is(data))
            return;

        try
        {
            if (!_group.Owns(data) || !_isWanted.Value)
                return;

            if (data.Recorded)
                Enter(data);
            else
                Drop(1, DropReasons.Unsafe);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("OTLP queue", exception);
            Drop(1, DropReasons.Unwritable);
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        // The export may wait for this code.
        if (UserCode.IsRunning)
            return false;

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
        _group.Memory.RemoveLimit(_settings.MaxMemoryBytes);
        _closed = true;
        _sender.Stop(timeoutMilliseconds);
        _work.Release(_workers.Length);
        bool done = true;
        if (_threads.IsValueCreated)
        {
            foreach (Thread thread in _threads.Value)
                done &= thread.Join(timeoutMilliseconds < 0 ? timeoutMilliseconds : Left(timeoutMilliseconds, start));
        }

        _emptied = true;
        Interlocked.MemoryBarrier();
        int left = DropRest();
        foreach (OtlpWorker worker in _workers)
            done &= worker.Shutdown(timeoutMilliseconds < 0 ? timeoutMilliseconds : Left(timeoutMilliseconds, start));
        return done && left == 0;
    }

    protected override void Dispose(bool disposing)
    {
        _sender.Dispose();
        base.Dispose(disposing);
    }

    private void Enter(Activity data)
    {
        if (_closed || Interlocked.Increment(ref _length) > _settings.QueueSize)
        {
            if (!_closed)
                Interlocked.Decrement(ref _length);
            Drop(1, _closed ? DropReasons.Shutdown : DropReasons.QueueFull);
            return;
        }

        long bytes = SpanSize.Of(data);
        if (!_group.Memory.TryHold(bytes, _settings.MaxMemoryBytes))
        {
            Interlocked.Decrement(ref _length);
            Drop(1, DropReasons.QueueFull);
            return;
        }

        _ = _threads.Value;
        bool isFull = false;
        lock (_counting)
        {
            // Counted first: a flush waits for as many as were counted, and none of them may be another that was not.
            _entered++;
            _gathered++;
            _gatheredBytes += bytes;
            if (_gathered >= _settings.BatchSize || _gatheredBytes >= _settings.MaxRequestBytes)
            {
                isFull = true;
                _gathered = 0;
                _gatheredBytes = 0;
            }
        }

        _queue.Enqueue((data, bytes));
        if (isFull)
            _work.Release();
        if (_emptied)
            DropRest();
    }

    // A provider without spans needs no threads.
    private Thread[] StartThreads()
    {
        Thread[] threads = [.. _workers.Select(
            (worker, index) => new Thread(() => Run(worker)) { IsBackground = true, Name = $"PandaProbe.Otlp.{index}" })];
        foreach (Thread thread in threads)
            thread.UnsafeStart();
        return threads;
    }

    private void Run(OtlpWorker worker)
    {
        List<Activity> batch = new(_settings.BatchSize);
        while (true)
        {
            bool stopping = _sender.IsStopping;

            // At the end each worker takes one of the wake-up calls: who took another's would leave that one asleep.
            bool full = !stopping && _work.Wait(_settings.Delay);
            do
            {
                if (!Take(worker, batch, out long bytes))
                    break;

                RemoveUnsafe(batch);
                if (batch.Count > 0)
                    _sender.Send(worker, [.. batch]);
                _group.Memory.Release(bytes);
                batch.Clear();
                worker.UnderWay = null;
            }
            while (!full || Volatile.Read(ref _flushing) > 0 || _sender.IsStopping);

            if (stopping && _queue.IsEmpty)
                return;
        }
    }

    // The estimate counts two bytes a character, so only scripts with three bytes a character can be larger on the wire than here. The
    // exact size of a request is checked before it goes out.
    private bool Take(OtlpWorker worker, List<Activity> batch, out long bytes)
    {
        bytes = 0;
        lock (_taking)
        {
            while (batch.Count < _settings.BatchSize && _queue.TryPeek(out (Activity Span, long Bytes) entry)
                && (batch.Count == 0 || bytes + entry.Bytes <= _settings.MaxRequestBytes) && _queue.TryDequeue(out entry))
            {
                batch.Add(entry.Span);
                bytes += entry.Bytes;
            }

            if (batch.Count > 0)
            {
                worker.UnderWay = _taken;
                _taken += batch.Count;
                Interlocked.Add(ref _length, -batch.Count);
            }

            return batch.Count > 0;
        }
    }

    // A span that cannot be made safe does not leave.
    private void RemoveUnsafe(List<Activity> batch)
    {
        Drop(batch.RemoveAll(span => !SpanMasking.TryApply(span, _settings.Scanner)), DropReasons.Unsafe);
    }

    // Also what comes in beside the shutdown, after the workers have gone.
    private int DropRest()
    {
        int left = 0;
        while (_queue.TryDequeue(out (Activity Span, long Bytes) entry))
        {
            left++;
            _group.Memory.Release(entry.Bytes);
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
        if (reason is DropReasons.QueueFull or DropReasons.Shutdown)
        {
            _reporter.Report(
                reason,
                reason == DropReasons.QueueFull
                    ? $"The queue to the OTLP collector is full ({_settings.QueueSize} spans or {_settings.MaxMemoryBytes} bytes): new spans are dropped and counted in pandaprobe.otlp.spans.dropped. Raise OTEL_BSP_MAX_QUEUE_SIZE or MaxMemoryBytes."
                    : "Spans could not be sent to the OTLP collector before the end and were dropped; they are counted in pandaprobe.otlp.spans.dropped (shutdown).");
        }
    }

    private static int Left(int timeoutMilliseconds, long start) =>
        (int)Math.Max(0, timeoutMilliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}
