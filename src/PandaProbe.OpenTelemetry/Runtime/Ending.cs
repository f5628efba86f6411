using System.Runtime.CompilerServices;
using OpenTelemetry;

namespace PandaProbe.Runtime;

/// <summary>
/// Bounds the time that the end of a provider takes in all. An end has two steps, a flush and a shutdown, and the shutdown of a provider
/// that is disposed has five seconds of its own.
/// </summary>
internal sealed class Ending
{
    /// <summary>What the shutdown gets even when the flush before it has used the time up: it brings to disk what was not sent.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(0.5);

    private static readonly ConditionalWeakTable<BaseProvider, Ending> Endings = [];

    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _limit;

    private Ending(TimeSpan limit) => _limit = limit;

    /// <summary>Starts the time of a provider's end. Returns what the flush may take of it.</summary>
    public static TimeSpan Begin(BaseProvider provider, TimeSpan limit)
    {
        Endings.AddOrUpdate(provider, new(limit));
        return ForFlush(limit);
    }

    /// <summary>Takes from <paramref name="limit"/> what the shutdown needs.</summary>
    public static TimeSpan ForFlush(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan ? limit : limit - TimeSpan.FromTicks(Math.Min(Reserve.Ticks, limit.Ticks / 4));

    /// <summary>What is left for a shutdown of at most <paramref name="timeoutMilliseconds"/>; all of it where no end has begun.</summary>
    public static int Left(BaseProvider? provider, int timeoutMilliseconds)
    {
        if (provider is null || !Endings.TryGetValue(provider, out Ending? ending) || ending._limit == Timeout.InfiniteTimeSpan)
            return timeoutMilliseconds;

        TimeSpan left = ending._limit - TimeProvider.System.GetElapsedTime(ending._start);
        int milliseconds = (int)Math.Clamp(left.TotalMilliseconds, Reserve.TotalMilliseconds, int.MaxValue);
        return timeoutMilliseconds < 0 ? milliseconds : Math.Min(timeoutMilliseconds, milliseconds);
    }
}
