using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PandaProbe.Context;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;
using PandaProbe.Values;

namespace PandaProbe.Export.Pipeline;

/// <summary>
/// Lets spans and scores in from any thread without blocking it. Whatever is let in is taken out by the assembling thread, or dropped and
/// counted when that thread has ended.
/// </summary>
internal sealed class Entrance(PandaProbeExporterOptions options, ExportStatistics statistics, bool spools)
{
    private const int WakeEvery = 512;

    // What is on its way to disk is still in memory, and the assembling thread is slower than those that end spans.
    private const int MemoryOnTheWayToDisk = 2;

    private readonly ConcurrentQueue<(object Item, long Bytes)> _items = new();
    private readonly object _bell = new();
    private bool _rung;
    private bool _due;
    private int _entered;
    private int _rootsEntered;
    private volatile bool _closed;
    private volatile bool _ended;

    public bool IsClosed => _closed;

    /// <summary>Costs the caller a queue entry.</summary>
    public void Enter(Activity activity, bool isTrace)
    {
        if (_closed)
        {
            statistics.TurnAway(isTrace, DropReasons.Shutdown);
            return;
        }

        // A trace's own activity is let in even where its spans are not, because its end releases the spans that are held.
        long bytes = SpanSize.Of(activity);
        if (isTrace)
        {
            statistics.Hold();
            statistics.Memory.Hold(bytes);
        }
        else if (!TryHold(bytes))
        {
            statistics.TurnAway(isTrace, DropReasons.QueueFull);
            return;
        }

        bool full = Add(activity, bytes) % WakeEvery == 0 || statistics.Memory.Bytes > options.MaxMemoryBytes / 2;
        if ((isTrace || activity.Parent is null) && Interlocked.Increment(ref _rootsEntered) % options.BatchSize == 0)
            full = true;
        if (full)
            Wake();
    }

    public void Enter(ScoreItem score)
    {
        if (_closed)
            TurnScoreAway();
        else
            Add(score);
    }

    /// <summary>Lets a marker in, which is completed when everything before it has been handed to the senders.</summary>
    public void Enter(TaskCompletionSource<Task> marker)
    {
        Add(marker);
        Wake();
    }

    public bool TryTake([NotNullWhen(true)] out object? item, out long bytes)
    {
        bool any = _items.TryDequeue(out (object Item, long Bytes) taken);
        (item, bytes) = taken;
        return any;
    }

    /// <summary>Wakes the assembling thread.</summary>
    /// <param name="due">Whether the interval is over.</param>
    public void Wake(bool due = false)
    {
        lock (_bell)
        {
            _rung = true;
            _due |= due;
            Monitor.Pulse(_bell);
        }
    }

    /// <summary>Waits to be woken. Returns whether the interval is over.</summary>
    public bool Wait()
    {
        lock (_bell)
        {
            while (!_rung)
                Monitor.Wait(_bell);
            bool due = _due;
            _rung = _due = false;
            return due;
        }
    }

    /// <summary>Lets nothing more in.</summary>
    public void Close()
    {
        _closed = true;
        Wake();
    }

    /// <summary>Says that the assembling thread takes nothing more.</summary>
    public void End()
    {
        _ended = true;
        Interlocked.MemoryBarrier();
        DropRest();
    }

    /// <summary>
    /// Either the reader of <see cref="_ended"/> here sees that the assembling thread has ended, or that thread's last look at the queue
    /// sees the item: the increment between the two is a full fence.
    /// </summary>
    private int Add(object item, long bytes = 0)
    {
        _items.Enqueue((item, bytes));
        int entered = Interlocked.Increment(ref _entered);
        if (_ended)
            DropRest();
        return entered;
    }

    private void DropRest()
    {
        while (TryTake(out object? item, out long bytes))
        {
            switch (item)
            {
                case Activity activity:
                    statistics.Release(1);
                    statistics.Memory.Release(bytes);
                    statistics.TurnAway(ActivityScope.IsTrace(activity), DropReasons.Shutdown);
                    break;
                case ScoreItem:
                    TurnScoreAway();
                    break;
                case TaskCompletionSource<Task> marker:
                    marker.TrySetResult(Task.CompletedTask);
                    break;
            }
        }
    }

    private bool TryHold(long bytes)
    {
        if (!statistics.Memory.TryHold(bytes, spools ? options.MaxMemoryBytes * MemoryOnTheWayToDisk : options.MaxMemoryBytes))
            return false;
        if (statistics.TryHold(options.MaxSpanCount))
            return true;

        statistics.Memory.Release(bytes);
        return false;
    }

    private void TurnScoreAway()
    {
        statistics.ScoresQueued();
        statistics.ScoreDropped(DropReasons.Shutdown);
    }
}
