namespace PandaProbe.Export.Transport;

/// <summary>
/// Never more than so many requests in any minute, counted from when they were answered, so that the server's own minute cannot be exceeded
/// however it is counted. Too many nevertheless (somebody else uses the same key) halves the allowance; it grows back step by step.
/// Measured, not read off the clock: the system's may be set back while requests wait.
/// </summary>
internal sealed class SlidingWindow(int? limit, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60.5);

    private readonly Queue<long> _answered = new();
    private double _allowed = limit ?? double.PositiveInfinity;
    private int _underWay;
    private long _pausedUntil = long.MinValue;
    private long _raisedAt;
    private int _refusals;

    /// <summary>Takes a place, or says how long to wait before asking again.</summary>
    public TimeSpan TryTake()
    {
        if (limit is null && _refusals == 0)
            return TimeSpan.Zero;

        lock (_answered)
        {
            long now = time.GetTimestamp();
            if (now < _pausedUntil)
                return time.GetElapsedTime(now, _pausedUntil);

            while (_answered.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) >= Window)
                _answered.Dequeue();
            Raise(now);

            if (_underWay + _answered.Count < Math.Max(1, (int)Math.Min(_allowed, int.MaxValue)))
            {
                _underWay++;
                return TimeSpan.Zero;
            }

            TimeSpan wait = _answered.TryPeek(out long first) ? Window - time.GetElapsedTime(first, now) : TimeSpan.FromMilliseconds(50);
            return wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1);
        }
    }

    public void Answered(bool refused, TimeSpan? retryAfter, TimeSpan backoff)
    {
        if (limit is null && !refused && _refusals == 0)
            return;

        lock (_answered)
        {
            long now = time.GetTimestamp();
            _underWay = Math.Max(0, _underWay - 1);
            if (limit is not null)
                _answered.Enqueue(now);
            if (!refused)
            {
                _refusals = 0;
                return;
            }

            _refusals++;
            _raisedAt = now;
            _allowed = Math.Max(1, (double.IsInfinity(_allowed) ? _answered.Count + 1 : _allowed) / 2);
            if (limit is null)
                _allowed = double.PositiveInfinity;
            _pausedUntil = Math.Max(_pausedUntil, now + (long)((retryAfter ?? backoff).TotalSeconds * time.TimestampFrequency));
        }
    }

    /// <summary>A place that was taken and not used.</summary>
    public void GiveBack()
    {
        lock (_answered)
            _underWay = Math.Max(0, _underWay - 1);
    }

    public int Refusals => _refusals;

    private void Raise(long now)
    {
        if (limit is not { } full || _allowed >= full || time.GetElapsedTime(_raisedAt, now) < Window)
            return;

        _raisedAt = now;
        _allowed = Math.Min(full, _allowed + Math.Max(1, full / 10.0));
    }
}
