namespace PandaProbe.Safety.Scanning;

/// <summary>
/// When a scan has to be over. The system's clock also runs while the thread waits for a processor or for the garbage collector, and that
/// must not cost an ordinary text. So the thread's own time decides too, where the system tells it.
/// </summary>
/// <param name="clock">The clock. One that is not the system's decides alone.</param>
/// <param name="after">How long the scan may take.</param>
internal readonly struct Deadline(TimeProvider clock, TimeSpan after)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly TimeSpan? _startOfThread = clock == TimeProvider.System ? ThreadTime.Now : null;

    public void ThrowIfOver()
    {
        // None has no clock.
        if (clock is not null && clock.GetElapsedTime(_start) > after
            && (_startOfThread is not { } start || ThreadTime.Now is not { } now || now - start > after))
        {
            throw new TimeoutException();
        }
    }
}
