namespace PandaProbe.Testing.Cassettes;

/// <summary>A clock that goes on by 100 ms with every look at it, and by the whole time of every timer at once.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _milliseconds;
    private long _waited;

    public TimeSpan Waited => TimeSpan.FromMilliseconds(Volatile.Read(ref _waited));

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Add(ref _milliseconds, 100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref _waited, (long)dueTime.TotalMilliseconds);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
