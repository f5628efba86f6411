namespace PandaProbe.Runtime;

/// <summary>Counts the bytes that the exports of a <see cref="ProviderGroup"/> hold together.</summary>
internal sealed class HeldMemory
{
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public void Hold(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public bool TryHold(long bytes, long limit)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= limit)
            return true;

        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
