namespace PandaProbe.Export.Pipeline;

/// <summary>A moment until which a thread waits.</summary>
internal readonly struct Deadline(TimeProvider time, int timeoutMilliseconds)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>False when the task is not complete in time. How it completed does not matter.</summary>
    public bool Wait(Task task)
    {
        try
        {
            TimeSpan left = timeoutMilliseconds == Timeout.Infinite
                ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromMilliseconds(timeoutMilliseconds) - time.GetElapsedTime(_start);
            if (!task.IsCompleted && left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                return false;

            task.WaitAsync(left, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception exception) when (task.IsCompleted)
        {
            Diagnostics.PandaProbeEventSource.Log.TelemetryFailed("export", exception);
        }

        return true;
    }
}
