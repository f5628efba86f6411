namespace PandaProbe.Export.Pipeline;

/// <summary>What was handed to the senders between two flushes: complete when all of it has left.</summary>
internal sealed class FlushGeneration
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outstanding = 1;

    public Task Done => _done.Task;

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
            _done.TrySetResult();
    }
}
