namespace PandaProbe.Runtime;

/// <summary>Counts the bytes that the exports of a <see cref="ProviderGroup"/> hold together.</summary>
internal sealed class HeldMemory
{
    private readonly List<long> _limits = [];
    private long _bytes;
    private long _scarceAt = long.MaxValue;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Whether half of what an export may hold is in use. New content is shortened then, so that fewer spans have to be dropped.
    /// </summary>
    public bool IsScarce => Bytes > Volatile.Read(ref _scarceAt);

    /// <summary>Says that there is an export that drops spans beyond a limit.</summary>
    public void AddLimit(long limit) => Change(limits => limits.Add(limit));

    public void RemoveLimit(long limit) => Change(limits => limits.Remove(limit));

    public void Hold(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public bool TryHold(long bytes, long limit)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= limit)
            return true;

        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    private void Change(Action<List<long>> change)
    {
        lock (_limits)
        {
            change(_limits);
            Volatile.Write(ref _scarceAt, _limits.Count == 0 ? long.MaxValue : _limits.Min() / 2);
        }
    }
}
