using System.Diagnostics.CodeAnalysis;

namespace PandaProbe.Safety.Structure;

/// <summary>Facts by keys, at most a number of them. The oldest is forgotten first.</summary>
internal sealed class RecentFacts<TKey, TFact>(int most)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TFact> _facts = [];
    private readonly Queue<TKey> _order = new();

    public int Count => _order.Count;

    public bool Contains(TKey key) => _facts.ContainsKey(key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TFact fact) => _facts.TryGetValue(key, out fact);

    /// <summary>Adds a fact, unless the key has one.</summary>
    public bool TryAdd(TKey key, TFact fact)
    {
        if (!_facts.TryAdd(key, fact))
        {
            return false;
        }

        _order.Enqueue(key);
        if (_order.Count > most)
        {
            _facts.Remove(_order.Dequeue());
        }

        return true;
    }
}
