using System.Diagnostics;

namespace PandaProbe.Tests.Export;

/// <summary>Time that passes only while a test waits with <see cref="Until"/>, or lets it pass with <see cref="Advance"/>.</summary>
internal sealed class FakeTime : TimeProvider
{
    private static readonly DateTimeOffset Origin = DateTimeOffset.UtcNow;

    private readonly List<FakeTimer> _timers = [];
    private long _now;

    /// <summary>How many timers wait.</summary>
    public int Timers
    {
        get
        {
            lock (_timers)
                return _timers.Count;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>What has passed since the beginning.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Origin + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FakeTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass. Timers that become due fire on this thread, in order.</summary>
    public void Advance(TimeSpan time)
    {
        long end = GetTimestamp() + time.Ticks;
        while (Next(end) is { } timer)
            timer.Fire();
        Volatile.Write(ref _now, end);
    }

    /// <summary>Lets time pass, a little with every look, until the condition is met; with a bound in real time.</summary>
    public void Until(Func<bool> condition, string what, double step = 0.1)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(2), what);
            Advance(TimeSpan.FromSeconds(step));
            LetOthersWork();
        }
    }

    // On a busy machine this time would otherwise run ahead of the threads that it drives.
    private static void LetOthersWork()
    {
        int looks = 0;
        do
        {
            Thread.Sleep(1);
        }
        while (ThreadPool.PendingWorkItemCount > 0 && ++looks < 50);
    }

    private FakeTimer? Next(long end)
    {
        lock (_timers)
        {
            if (_timers.MinBy(static timer => timer.Due) is not { } next || next.Due > end)
                return null;

            Volatile.Write(ref _now, Math.Max(_now, next.Due));
            next.Rearm();
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, Action fire) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._timers)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime < TimeSpan.Zero)
                    return true;

                Due = time.GetTimestamp() + dueTime.Ticks;
                time._timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            if (_period <= TimeSpan.Zero)
                time._timers.Remove(this);
            else
                Due += _period.Ticks;
        }

        public void Dispose()
        {
            lock (time._timers)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
