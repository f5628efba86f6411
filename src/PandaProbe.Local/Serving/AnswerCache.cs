namespace PandaProbe.Local.Serving;

/// <summary>
/// Finished answers about large traces. A page asks again when it is reloaded, compared or come back to, and the heads of 100,000 spans
/// take half a second to make.
/// </summary>
internal sealed class AnswerCache
{
    private const int SmallestKept = 64 << 10;
    private const long MostBytes = 48L << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = [];
    private long _bytes;

    /// <summary>Returns the answer about a trace as of a version; null when it is not kept.</summary>
    public byte[]? Find(UInt128 trace, long version)
    {
        lock (_lock)
        {
            for (LinkedListNode<Entry>? node = _entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Trace != trace || node.Value.Version != version)
                    continue;

                _entries.Remove(node);
                _entries.AddFirst(node);
                return node.Value.Json;
            }

            return null;
        }
    }

    public void Keep(UInt128 trace, long version, byte[] json)
    {
        if (json.Length is < SmallestKept or > (int)MostBytes)
            return;

        lock (_lock)
        {
            for (LinkedListNode<Entry>? node = _entries.First; node is not null;)
            {
                LinkedListNode<Entry>? next = node.Next;
                if (node.Value.Trace == trace)
                    Remove(node);
                node = next;
            }

            _entries.AddFirst(new Entry(trace, version, json));
            _bytes += json.Length;
            while (_bytes > MostBytes)
                Remove(_entries.Last!);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node);
        _bytes -= node.Value.Json.Length;
    }

    private readonly record struct Entry(UInt128 Trace, long Version, byte[] Json);
}
