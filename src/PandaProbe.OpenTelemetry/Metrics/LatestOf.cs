namespace PandaProbe.Metrics;

/// <summary>A setting of which every provider may have its own, for code that belongs to none: the one of the provider that came last and is still alive.</summary>
internal sealed class LatestOf<T>(T fallback)
{
    private readonly object _gate = new();
    private readonly List<(object Owner, T Value)> _entries = [];
    private volatile Entry _current = new(fallback);

    public T Current => _current.Value;

    public void Use(object owner, T value)
    {
        lock (_gate)
        {
            _entries.Add((owner, value));
            _current = new(value);
        }
    }

    public void Withdraw(object owner)
    {
        lock (_gate)
        {
            _entries.RemoveAll(entry => ReferenceEquals(entry.Owner, owner));
            _current = new(_entries is [.., var latest] ? latest.Value : fallback);
        }
    }

    private sealed record Entry(T Value);
}
