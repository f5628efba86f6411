using System.Diagnostics.CodeAnalysis;

namespace PandaProbe.Context;

/// <summary>Remembers the newest entries, at most a given number of them. The oldest is forgotten first.</summary>
internal sealed class Newest<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly Queue<TKey> _order = new();

    /// <summary>Remembers a value, unless the key has one.</summary>
    public void Remember(TKey key, TValue value)
    {
        lock (_values)
        {
            if (!_values.TryAdd(key, value))
                return;

            _order.Enqueue(key);
            if (_order.Count > capacity)
                _values.Remove(_order.Dequeue());
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_values)
            return _values.TryGetValue(key, out value);
    }
}
