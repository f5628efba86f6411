using System.Buffers;
using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// One PandaProbe trace on its way. The assembling thread collects spans in it; the parts made of them belong to the sender, one at a time
/// and in order, because the server takes spans only of traces that it has. Once everything is sent, it references no activity.
/// </summary>
internal sealed class TraceRecord(Guid id, ExportStatistics statistics)
{
    private readonly LinkedList<TracePart> _parts = new();
    private AssembledSpan[] _collected = [];
    private int _collectedCount;
    private Activity? _collectedRoot;
    private WeakReference<Activity>? _root;
    private List<ScoreItem>? _scores;
    private TracePart? _current;
    private int _counted;
    private int _scoreCount;
    private long _headBytes;

    public Guid Id => id;

    /// <summary>OpenTelemetry's identifier, known as soon as <see cref="IsRooted"/>.</summary>
    public ActivityTraceId TraceId { get; private set; }

    /// <summary>
    /// What the trace begins with: its own activity, or the topmost span where nobody opened a trace. Of the part that is being sent; null
    /// where it is unknown.
    /// </summary>
    public Activity? Root => _current?.Root;

    /// <summary>Whether it is known what the trace begins with. It is not for a trace of another process.</summary>
    public bool IsRooted => _root is not null;

    public bool RootIsSpan { get; private set; }

    /// <summary>The trace's root has ended, or nobody here can end it.</summary>
    public bool Finished { get; set; }

    /// <summary>The head is to be sent with the next part.</summary>
    public bool HeadDue { get; private set; }

    /// <summary>The head is, or was, on its way.</summary>
    public bool HeadMade { get; set; }

    /// <summary>Dropped: nothing more of it is sent.</summary>
    public string? DropReason { get; set; }

    /// <summary>In the batch that is sent next.</summary>
    public bool Waiting { get; set; }

    /// <summary>Since when there is something of an open trace that was not sent.</summary>
    public long CollectingSince { get; set; }

    /// <summary>Its place among the open traces of which something was not sent.</summary>
    public LinkedListNode<TraceRecord>? OpenNode { get; set; }

    /// <summary>Found by its identifiers.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether something of it was not sent.</summary>
    public bool IsBusy => Scheduled || Waiting || HasWork;

    public int CollectedCount => _collectedCount;

    /// <summary>The memory of the collected spans.</summary>
    public long CollectedBytes { get; private set; }

    /// <summary>What the trace begins with, as long as something is collected.</summary>
    public Activity? CollectedRoot => _collectedRoot;

    public Span<AssembledSpan> Collected => _collected.AsSpan(0, _collectedCount);

    public int ScoreCount => Volatile.Read(ref _scoreCount);

    public bool HasWork => _collectedCount > 0 || HeadDue || _scores is not null;

    /// <summary>Whether a sender has it, or it waits for its next attempt.</summary>
    public bool Scheduled { get; private set; }

    /// <summary>True once: a trace counts once as exported, dropped or spooled, however many heads it takes.</summary>
    public bool TryCount() => Interlocked.Exchange(ref _counted, 1) == 0;

    /// <summary>What it was counted for has come to nothing.</summary>
    public void Uncount() => Volatile.Write(ref _counted, 0);

    public void BeginAt(Activity root, bool isSpan)
    {
        _root = new(root);
        TraceId = root.TraceId;
        RootIsSpan = isSpan;

        // Until now it looked like a trace of another process.
        if (!HeadMade)
            Finished = false;
    }

    public void Collect(Activity span, bool isAggregate, long bytes)
    {
        if (_collectedCount == _collected.Length)
        {
            AssembledSpan[] larger = ArrayPool<AssembledSpan>.Shared.Rent(Math.Max(16, _collectedCount * 2));
            Collected.CopyTo(larger);
            ReturnCollected();
            _collected = larger;
        }

        HoldRoot();
        _collected[_collectedCount++] = new(span, default, isAggregate, bytes);
        CollectedBytes += bytes;
    }

    public void Collect(ScoreItem score)
    {
        HoldRoot();
        (_scores ??= []).Add(score);
        Interlocked.Increment(ref _scoreCount);
    }

    /// <param name="root">What the trace begins with.</param>
    /// <param name="bytes">What is held for a root that is no span.</param>
    public void CollectHead(Activity root, long bytes = 0)
    {
        _headBytes += bytes;
        _collectedRoot = root;
        HeadDue = true;
    }

    /// <summary>Gives up the scores that are not in a part yet, and returns how many these were.</summary>
    public int DropScores()
    {
        int count = _scores?.Count ?? 0;
        _scores = null;
        Interlocked.Add(ref _scoreCount, -count);
        return count;
    }

    /// <summary>The spans of the trace that are in memory.</summary>
    public HashSet<ActivitySpanId> SpanIds()
    {
        HashSet<ActivitySpanId> ids = [];
        foreach (ref readonly AssembledSpan span in Collected)
            ids.Add(span.Activity.SpanId);
        lock (_parts)
        {
            foreach (TracePart part in _parts)
            {
                foreach (ref readonly AssembledSpan span in part.Spans)
                    ids.Add(span.Activity.SpanId);
            }
        }

        return ids;
    }

    /// <summary>
    /// Turns what was collected into parts. Returns whether a sender must be told: not when one has the record already.
    /// </summary>
    /// <param name="contentBudget">How many bytes one input or output may have.</param>
    /// <param name="confirm">
    /// Sends the last span apart, because the server's yes to spans proves that it has stored the trace: a later head of the same trace
    /// cannot be overtaken by this one then.
    /// </param>
    public bool MakeParts(int contentBudget, bool confirm)
    {
        lock (_parts)
        {
            ReadOnlySpan<AssembledSpan> spans = Collected;
            if (HeadDue)
            {
                int count = Math.Min(spans.Length, FieldLimits.SpansPerRequest);
                if (confirm && count == spans.Length && count > 0)
                    count--;

                // Scores, and spans that came as if from another process, may wait here already: none of them is taken before the server
                // has the trace.
                Append(spans[..count], head: true, contentBudget, first: !HeadMade);
                spans = spans[count..];
                HeadDue = false;
                HeadMade = true;
            }

            while (spans.Length > 0)
            {
                int count = Math.Min(spans.Length, FieldLimits.SpansPerRequest);
                Append(spans[..count], head: false, contentBudget);
                spans = spans[count..];
            }

            ReturnCollected();
            _collected = [];
            _collectedCount = 0;
            CollectedBytes = 0;
            _collectedRoot = null;

            foreach (ScoreItem score in _scores ?? [])
                _parts.AddLast(new TracePart { Score = score });
            _scores = null;

            if (Scheduled || _parts.Count == 0)
                return false;

            Scheduled = true;
            return true;
        }
    }

    /// <summary>The next part to send; when there is none, the record is its sender's no longer.</summary>
    public TracePart? Next()
    {
        lock (_parts)
        {
            _current = _parts.First?.Value;
            Scheduled = _current is not null;
            return _current;
        }
    }

    public void Remove(TracePart part)
    {
        lock (_parts)
            _parts.Remove(part);
        statistics.Memory.Release(part.Bytes);
        part.Release();
        if (part.Score is not null)
        {
            Interlocked.Decrement(ref _scoreCount);
            statistics.ReleaseScore();
        }
    }

    /// <summary>Splits a part that turned out to be too large.</summary>
    public void Split(TracePart part, int count)
    {
        lock (_parts)
            _parts.AddAfter(_parts.Find(part)!, part.Split(count));
    }

    private void HoldRoot()
    {
        if (_collectedRoot is null && _root is not null && _root.TryGetTarget(out Activity? root))
            _collectedRoot = root;
    }

    private void Append(ReadOnlySpan<AssembledSpan> spans, bool head, int contentBudget, bool first = false)
    {
        TracePart part = new() { HasHead = head, ContentBudget = contentBudget };
        part.Take(_collectedRoot, spans);
        if (head)
        {
            part.HeadBytes = _headBytes;
            _headBytes = 0;
        }

        if (first)
            _parts.AddFirst(part);
        else if (FirstScore() is { } score)
            _parts.AddBefore(score, part);
        else
            _parts.AddLast(part);
    }

    // A score may wait for minutes until the server has stored its trace.
    private LinkedListNode<TracePart>? FirstScore()
    {
        LinkedListNode<TracePart>? node = _parts.First;
        while (node is { Value.Score: null })
            node = node.Next;
        return node;
    }

    private void ReturnCollected()
    {
        if (_collected.Length > 0)
        {
            Array.Clear(_collected, 0, _collectedCount);
            ArrayPool<AssembledSpan>.Shared.Return(_collected);
        }
    }
}
