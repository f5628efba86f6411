using System.Buffers;
using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// One PandaProbe trace on its way. The assembling thread collects spans in it; the parts made of them belong to the sender, one at a time and in order,
/// because the server takes spans only of traces that it has.
/// </summary>
internal sealed class TraceRecord(Guid id, ActivityTraceId traceId)
{
    private readonly LinkedList<TracePart> _parts = new();
    private Activity[] _collected = [];
    private int _collectedCount;
    private int _counted;
    private List<ScoreItem>? _scores;
    private HashSet<Activity>? _aggregates;

    public Guid Id => id;

    public ActivityTraceId TraceId => traceId;

    /// <summary>The trace's activity, or the topmost span where nobody opened a trace; unknown for a trace of another process.</summary>
    public Activity? Root { get; set; }

    public bool RootIsSpan { get; set; }

    /// <summary>The root has ended, or what there was of the trace has been sent ahead of it.</summary>
    public bool Finished { get; set; }

    /// <summary>Among the traces that were sent ahead and are remembered.</summary>
    public bool SentAhead { get; set; }

    /// <summary>The head is to be sent with the next part.</summary>
    public bool HeadDue { get; set; }

    /// <summary>The head is, or was, on its way.</summary>
    public bool HeadMade { get; set; }

    /// <summary>Dropped: nothing more of it is sent.</summary>
    public string? DropReason { get; set; }

    public bool Waiting { get; set; }

    /// <summary>True once: a trace counts once as exported, dropped or spooled, however many heads it takes.</summary>
    public bool TryCount() => Interlocked.Exchange(ref _counted, 1) == 0;

    /// <summary>What it was counted for has come to nothing.</summary>
    public void Uncount() => Volatile.Write(ref _counted, 0);

    public long CollectingSince { get; set; }

    public LinkedListNode<TraceRecord>? OpenNode { get; set; }

    public Dictionary<Activity, (long Prompt, long Completion)>? UsageBelow { get; set; }

    public int CollectedCount => _collectedCount;

    public bool HasWork => _collectedCount > 0 || HeadDue || _scores is not null;

    /// <summary>Whether a sender has it, or it waits for its next attempt.</summary>
    public bool Scheduled { get; private set; }

    public ReadOnlySpan<Activity> Collected => _collected.AsSpan(0, _collectedCount);

    public void Collect(Activity span)
    {
        if (_collectedCount == _collected.Length)
        {
            Activity[] larger = ArrayPool<Activity>.Shared.Rent(Math.Max(16, _collectedCount * 2));
            Collected.CopyTo(larger);
            ReturnCollected();
            _collected = larger;
        }

        _collected[_collectedCount++] = span;
    }

    public void Collect(ScoreItem score) => (_scores ??= []).Add(score);

    public List<ScoreItem>? TakeScores()
    {
        List<ScoreItem>? scores = _scores;
        _scores = null;
        return scores;
    }

    /// <summary>
    /// Turns what was collected into parts. Returns whether a sender must be told: not when one has the record already.
    /// </summary>
    /// <param name="contentBudget">How many bytes one input or output may have.</param>
    /// <param name="confirm">
    /// Sends the last span apart, because the server's yes to spans proves that it has stored the trace: a later head of the same trace cannot be
    /// overtaken by this one then.
    /// </param>
    public bool MakeParts(int contentBudget, bool confirm)
    {
        lock (_parts)
        {
            ReadOnlySpan<Activity> spans = Collected;
            if (HeadDue)
            {
                int count = Math.Min(spans.Length, FieldLimits.SpansPerRequest);
                if (confirm && count == spans.Length && count > 1)
                    count--;

                // Scores, and spans that came as if from another process, may wait here already: none of them is taken before the server has the trace.
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

            Array.Clear(_collected, 0, _collectedCount);
            ReturnCollected();
            _collected = [];
            _collectedCount = 0;

            foreach (ScoreItem score in TakeScores() ?? [])
                _parts.AddLast(new TracePart { Score = score });

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
            if (_parts.First is { } first)
                return first.Value;

            Scheduled = false;
            return null;
        }
    }

    public void Remove(TracePart part)
    {
        lock (_parts)
            _parts.Remove(part);
        part.Release();
    }

    /// <summary>Splits a part that turned out to be too large.</summary>
    public void Split(TracePart part, int count)
    {
        lock (_parts)
            _parts.AddAfter(_parts.Find(part)!, part.Split(count));
    }

    public void MarkAggregate(Activity span)
    {
        lock (_parts)
            (_aggregates ??= new(ReferenceEqualityComparer.Instance)).Add(span);
    }

    public bool IsAggregate(Activity span)
    {
        if (_aggregates is null)
            return false;

        lock (_parts)
            return _aggregates.Contains(span);
    }

    /// <summary>The nearest span above that is sent too; none for a direct child of the trace, or where that span is in another process.</summary>
    public ActivitySpanId? ParentOf(Activity span, ExportSettings settings)
    {
        if (ReferenceEquals(span, Root))
            return null;

        Activity at = span;
        while (ActivityScope.ParentOf(at) is { } parent)
        {
            if (ReferenceEquals(parent, Root))
                return RootIsSpan ? parent.SpanId : null;
            if (ActivityScope.IsTrace(parent))
                return null;
            if (settings.Keeps(parent))
                return parent.SpanId;
            at = parent;
        }

        // A parent that was given by its context: no object leads to it. It counts when it is a span of this trace.
        return at.ParentSpanId != default && Knows(at.ParentSpanId) ? at.ParentSpanId : null;
    }

    private bool Knows(ActivitySpanId spanId)
    {
        lock (_parts)
        {
            foreach (TracePart part in _parts)
            {
                foreach (Activity span in part.Spans)
                {
                    if (span.SpanId == spanId)
                        return true;
                }
            }
        }

        return false;
    }

    private void Append(ReadOnlySpan<Activity> spans, bool head, int contentBudget, bool first = false)
    {
        TracePart part = new() { HasHead = head, ContentBudget = contentBudget };
        if (spans.Length > 0)
            part.Take(spans);
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
            ArrayPool<Activity>.Shared.Return(_collected);
        }
    }
}
