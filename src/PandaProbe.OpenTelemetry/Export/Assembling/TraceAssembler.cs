using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// Groups spans under the trace they belong to, and says when a trace is ready to go. Runs on the export thread only.
/// <para>
/// Bounds: spans that wait for their trace count towards <see cref="PandaProbeExporterOptions.MaxSpanCount"/>; when they take half of it, the oldest open trace is
/// sent ahead as <c>RUNNING</c>, and so is a trace that has collected 1000 spans or waits for longer than <see cref="PandaProbeExporterOptions.MaxTraceDuration"/>.
/// </para>
/// </summary>
internal sealed class TraceAssembler(ExportSettings settings, ExportStatistics statistics, TimeProvider time, ISendQueue queue)
{
    private const int RememberedTraces = 1024;
    private const int RememberedAhead = 4096;
    private const int AheadAt = 2 * FieldLimits.SpansPerRequest;
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, TraceRecord> _byId = [];
    private readonly Dictionary<ActivityTraceId, TraceRecord> _nested = [];
    private readonly Queue<TraceRecord> _finished = new();
    private readonly Queue<TraceRecord> _ahead = new();

    // Open traces beyond those remembered, as long as there is somebody who could end them.
    private readonly ConditionalWeakTable<Activity, TraceRecord> _beyond = [];
    private readonly LinkedList<TraceRecord> _open = new();
    private readonly List<TraceRecord> _waiting = [];
    private readonly List<(Activity Span, Activity Top, Activity TopKept, long Since)> _orphans = [];
    private TraceRecord? _last;
    private int _collected;

    public int WaitingCount => _waiting.Count;

    public int OpenCount => _open.Count;

    public void Add(Activity activity)
    {
        if (ActivityScope.IsTrace(activity))
        {
            statistics.Release(1);
            Finish(RecordOf(activity, isSpan: false));
            return;
        }

        if (!settings.PassesFilter(activity))
        {
            statistics.Release(1);
            return;
        }

        Activity top = activity;
        Activity topKept = activity;
        for (Activity? above = ActivityScope.ParentOf(activity); above is not null; above = ActivityScope.ParentOf(above))
        {
            if (ActivityScope.IsTrace(above))
            {
                Collect(RecordOf(above, isSpan: false), activity);
                return;
            }

            top = above;
        }

        if (!ReferenceEquals(top, activity))
        {
            for (Activity? above = ActivityScope.ParentOf(activity); above is not null; above = ActivityScope.ParentOf(above))
            {
                if (settings.Keeps(above))
                    topKept = above;
            }
        }

        if (!AISpans.Contains(topKept))
        {
            // Only spans about AI make a trace of their own.
            statistics.Release(1);
            return;
        }

        if (top.ParentSpanId == default)
        {
            CollectOwn(activity, topKept);
        }
        else if (top.HasRemoteParent)
        {
            Collect(RemoteRecord(top.TraceId), activity);
        }
        else if (Elsewhere(top) is { } record)
        {
            Collect(record, activity);
        }
        else
        {
            _orphans.Add((activity, top, topKept, time.GetTimestamp()));
        }
    }

    public void Add(ScoreItem score)
    {
        statistics.ScoresQueued();
        TraceRecord record = score.Trace is { } trace ? RecordOf(trace, isSpan: false) : ById(score.TraceId, default);
        if (record.DropReason is { } reason)
        {
            statistics.ScoreDropped(reason);
            return;
        }

        record.Collect(score);
        if (record.Root is null)
            Unrooted(record);
        if (record.Finished)
            Wait(record);
    }

    /// <summary>Hands over what is ready: when there is a batch of it, or everything when the interval is over.</summary>
    public void Release(bool everything)
    {
        if (everything)
        {
            ResolveOrphans(force: false);
            SendAheadWhatIsOld();
        }

        if (!everything && _waiting.Count < settings.Options.BatchSize)
            return;

        foreach (TraceRecord record in _waiting)
        {
            record.Waiting = false;
            Hand(record, confirm: false);
        }

        _waiting.Clear();
        Forget();
    }

    /// <summary>At the end: what belongs to traces that are still open goes too.</summary>
    public void ReleaseOpen()
    {
        ResolveOrphans(force: true);
        while (_open.First is { } first)
            SendAhead(first.Value);
        Release(everything: true);
    }

    private void CollectOwn(Activity span, Activity topKept)
    {
        TraceRecord record = RecordOf(topKept, isSpan: true);
        Collect(record, span);
        if (ReferenceEquals(span, topKept))
            Finish(record);
    }

    private void Collect(TraceRecord record, Activity span)
    {
        statistics.SpanQueued();
        if (record.DropReason is { } reason)
        {
            statistics.SpansDropped(1, reason);
            return;
        }

        CountUsage(record, span);
        if (record.CollectedCount == 0)
            record.CollectingSince = time.GetTimestamp();
        record.Collect(span);

        if (record.Finished)
        {
            Wait(record);
            return;
        }

        _collected++;
        if (record.OpenNode is null)
            record.OpenNode = _open.AddLast(record);
        if (record.CollectedCount >= AheadAt)
            SendAhead(record);
        else if (_collected > settings.Options.MaxSpanCount / 2 && _open.First is { } oldest)
            SendAhead(oldest.Value);
    }

    private void Finish(TraceRecord record)
    {
        if (!record.Finished && !record.HeadMade)
            statistics.TraceQueued();
        Close(record);
        record.Finished = true;
        record.HeadDue = true;
        record.UsageBelow = null;
        _finished.Enqueue(record);
        Wait(record);
    }

    private void Close(TraceRecord record)
    {
        if (record.OpenNode is null)
            return;

        _open.Remove(record.OpenNode);
        record.OpenNode = null;
        _collected -= record.CollectedCount;
    }

    private void SendAhead(TraceRecord record)
    {
        Close(record);

        // Spans of a trace that has ended but never came by (it was forgotten, or dropped at the entrance) go without its head: the server asks for one if it needs it.
        if (!record.HeadMade && record.Root is { IsStopped: false })
        {
            record.HeadDue = true;
            statistics.TraceQueued();
        }

        if (record.Waiting)
        {
            _waiting.Remove(record);
            record.Waiting = false;
        }

        if (!record.SentAhead)
        {
            record.SentAhead = true;
            _ahead.Enqueue(record);
        }

        Hand(record, confirm: record.HeadDue);
    }

    private void SendAheadWhatIsOld()
    {
        for (LinkedListNode<TraceRecord>? node = _open.First; node is not null;)
        {
            LinkedListNode<TraceRecord>? next = node.Next;
            TimeSpan age = time.GetElapsedTime(node.Value.CollectingSince);
            if (age >= settings.Options.MaxTraceDuration || (node.Value.Root is { IsStopped: true } && age >= settings.Options.FlushInterval * 2))
                SendAhead(node.Value);
            node = next;
        }
    }

    private void Wait(TraceRecord record)
    {
        if (record.Waiting)
            return;

        if (queue.IsFull(_waiting.Count))
        {
            queue.Overflow(record);
            return;
        }

        record.Waiting = true;
        _waiting.Add(record);
    }

    private void Hand(TraceRecord record, bool confirm)
    {
        if (record.HasWork)
            queue.Send(record, confirm);
    }

    private TraceRecord RecordOf(Activity root, bool isSpan)
    {
        if (_last is { } last && ReferenceEquals(last.Root, root))
            return last;

        if (_beyond.TryGetValue(root, out TraceRecord? record))
        {
            _beyond.Remove(root);
            _byId[record.Id] = record;
        }

        record ??= ById(ProbeIds.TraceId(root), root.TraceId);
        if (record.Root is null)
        {
            record.Root = root;
            record.RootIsSpan = isSpan;

            // Until now it looked like a trace of another process.
            if (record.Finished && !record.HeadMade)
                record.Finished = false;
            if (root.ParentSpanId != default)
                _nested[root.TraceId] = record;
        }

        return _last = record;
    }

    private TraceRecord RemoteRecord(ActivityTraceId traceId)
    {
        if (_nested.TryGetValue(traceId, out TraceRecord? nested))
            return nested;

        TraceRecord record = ById(ProbeIds.Whole(traceId), traceId);
        if (record.Root is null)
            Unrooted(record);
        return record;
    }

    /// <summary>Nobody here may ever end it: what comes for it goes as it comes.</summary>
    private void Unrooted(TraceRecord record)
    {
        if (record.Finished)
            return;

        record.Finished = true;
        _finished.Enqueue(record);
    }

    private TraceRecord? Elsewhere(Activity top) =>
        _byId.TryGetValue(ProbeIds.Whole(top.TraceId), out TraceRecord? record) || _nested.TryGetValue(top.TraceId, out record) ? record : null;

    private TraceRecord ById(Guid id, ActivityTraceId traceId)
    {
        if (!_byId.TryGetValue(id, out TraceRecord? record))
            _byId.Add(id, record = new(id, traceId));
        return record;
    }

    private void ResolveOrphans(bool force)
    {
        for (int i = _orphans.Count - 1; i >= 0; i--)
        {
            (Activity span, Activity top, Activity topKept, long since) = _orphans[i];
            if (Elsewhere(top) is { } record)
                Collect(record, span);
            else if (force || time.GetElapsedTime(since) >= OrphanPatience)
                CollectOwn(span, topKept);
            else
                continue;

            _orphans.RemoveAt(i);
        }
    }

    /// <summary>
    /// Traces that are done, or were sent ahead, are remembered for a while, for scores and for spans that were given only the context of their parent.
    /// </summary>
    private void Forget()
    {
        Forget(_finished, RememberedTraces);
        Forget(_ahead, RememberedAhead);
    }

    private void Forget(Queue<TraceRecord> records, int remembered)
    {
        bool finished = ReferenceEquals(records, _finished);
        for (int excess = records.Count - remembered; excess > 0; excess--)
        {
            TraceRecord record = records.Dequeue();
            if (record.Finished != finished)
            {
                // Its end has come, or its root after all: it has a place in the other queue, or will have.
                record.SentAhead &= finished;
                continue;
            }

            if (record.Scheduled || record.Waiting || record.HasWork)
            {
                records.Enqueue(record);
                continue;
            }

            record.SentAhead = false;
            if (record.Root is { IsStopped: false } open)
                _beyond.AddOrUpdate(open, record);
            if (_byId.TryGetValue(record.Id, out TraceRecord? known) && ReferenceEquals(known, record))
                _byId.Remove(record.Id);
            if (_nested.TryGetValue(record.TraceId, out TraceRecord? nested) && ReferenceEquals(nested, record))
                _nested.Remove(record.TraceId);
            if (ReferenceEquals(_last, record))
                _last = null;
        }
    }

    /// <summary>
    /// Finds spans whose usage is the sum of what lies below them, whatever they are called: an agent, a tool loop, a client that wraps another. A call to a
    /// model that used more than everything below it has used something itself, and counts.
    /// </summary>
    private static void CountUsage(TraceRecord record, Activity span)
    {
        Activity? parent = ActivityScope.ParentOf(span);
        if (record.UsageBelow is null && (parent is null || (ReferenceEquals(parent, record.Root) && !record.RootIsSpan)))
            return;

        bool any = ValueWriter.TryCount(span.GetTagItem(GenAI.Usage.InputTokens), out long prompt);
        any |= ValueWriter.TryCount(span.GetTagItem(GenAI.Usage.OutputTokens), out long completion);
        if (!any)
            return;

        if (record.UsageBelow is { } sums && sums.TryGetValue(span, out var below))
        {
            bool isCall = span.GetTagItem(Pandaprobe.Span.Kind) is "LLM" or "EMBEDDING";
            if (!isCall || (prompt <= below.Prompt && completion <= below.Completion))
            {
                record.MarkAggregate(span);
                return;
            }
        }

        for (; parent is not null && !(ReferenceEquals(parent, record.Root) && !record.RootIsSpan); parent = ActivityScope.ParentOf(parent))
        {
            record.UsageBelow ??= new(ReferenceEqualityComparer.Instance);
            record.UsageBelow.TryGetValue(parent, out var sum);
            record.UsageBelow[parent] = (sum.Prompt + prompt, sum.Completion + completion);
            if (ReferenceEquals(parent, record.Root))
                break;
        }
    }
}
