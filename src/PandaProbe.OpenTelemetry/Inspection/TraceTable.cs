using PandaProbe.Safety;

namespace PandaProbe.Inspection;

/// <summary>
/// The facts of the traces that were used last. Bounds: 4,096 traces, 16 MiB, and 15 minutes after the last span of a trace. What a single
/// trace keeps is bounded by <see cref="TraceFacts"/>. Used by one thread at a time.
/// </summary>
internal sealed class TraceTable(bool detectsInjection, SensitiveScanner? scanner, TimeProvider time)
{
    private const int MostTraces = 4096;
    private const long MostBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly Dictionary<Guid, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _facts;

    public int Count => _byId.Count;

    public long Bytes => _facts * TraceFacts.BytesPerFact;

    /// <summary>Lets <paramref name="use"/> look at the facts of a trace and add some.</summary>
    public void Use(Guid trace, Action<TraceFacts> use)
    {
        Forget();
        if (!_byId.TryGetValue(trace, out LinkedListNode<Entry>? node))
            _byId.Add(trace, node = new(new(trace, new(detectsInjection, scanner))));
        else
            _byUse.Remove(node);
        _byUse.AddLast(node);
        Entry entry = node.Value;
        entry.LastUse = time.GetTimestamp();
        use(entry.Facts);
        _facts += entry.Facts.Count - entry.Counted;
        entry.Counted = entry.Facts.Count;
    }

    private void Forget()
    {
        while (_byUse.First?.Value is { } oldest
            && (_byId.Count >= MostTraces || Bytes > MostBytes || time.GetElapsedTime(oldest.LastUse) >= Longest))
        {
            _byUse.RemoveFirst();
            _byId.Remove(oldest.Trace);
            _facts -= oldest.Counted;
        }
    }

    private sealed class Entry(Guid trace, TraceFacts facts)
    {
        public Guid Trace => trace;

        public TraceFacts Facts => facts;

        public int Counted { get; set; }

        public long LastUse { get; set; }
    }
}
