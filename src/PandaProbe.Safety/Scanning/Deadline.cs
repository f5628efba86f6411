namespace PandaProbe.Safety.Scanning;

/// <summary>When a scan has to be over.</summary>
internal readonly struct Deadline(TimeProvider? clock, TimeSpan after)
{
    private readonly long _start = clock?.GetTimestamp() ?? 0;

    public void ThrowIfOver()
    {
        if (clock is not null && clock.GetElapsedTime(_start) > after)
        {
            throw new TimeoutException();
        }
    }
}
