using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// Groups spans under the trace they belong to, and says when a trace is ready to go. Runs on the export thread only.
/// <para>
/// Bounds: spans that wait for their trace count towards <see cref="PandaProbeExporterOptions.MaxSpanCount"/> and
/// <see cref="PandaProbeExporterOptions.MaxMemoryBytes"/>. When they take half of either, the oldest open trace is sent ahead as
/// <c>RUNNING</c>, and so is a trace that has collected 1000 spans or waits for longer than
/// <see cref="PandaProbeExporterOptions.MaxTraceDuration"/>.
/// </para>
/// </summary>
internal sealed class TraceAssembler(ExportSettings settings, ExportStatistics statistics, TimeProvider time, ISendQueue queue)
{
    private const int AheadAt = 2 * FieldLimits.SpansPerRequest;
    private const int MaxScores = 1000;
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(30);

    private readonly KnownTraces _known = new(statistics, time);
    private readonly KeptSpans _kept = new(settings);
    private readonly UsageBelow _usage = new();
    private readonly LinkedList<TraceRecord> _open = new();
    private readonly List<TraceRecord> _waiting = [];
    private readonly List<(Activity Span, Activity Top, Activity TopKept, long Since, long Bytes)> _orphans = [];
    private int _collected;
    private long _collectedBytes;

    /// <summary>Whether spans wait for a trace of which nothing has come yet.</summary>
    public bool HasOrphans => _orphans.Count > 0;

    /// <param name="activity">An ended span.</param>
    /// <param name="bytes">The memory that is held for it.</param>
    public void Add(Activity activity, long bytes = 0)
    {
        if (ActivityScope.IsTrace(activity))
        {
            statistics.Release(1);
            Finish(_known.StartingAt(activity, isSpan: false), activity, bytes);
            return;
        }

        if (!_kept.Passes(activity))
        {
            LeaveOut(bytes);
            return;
        }

        Activity top = activity;
        for (Activity? above = ActivityScope.ParentOf(activity); above is not null; above = ActivityScope.ParentOf(above))
        {
            if (ActivityScope.IsTrace(above))
            {
                Collect(_known.StartingAt(above, isSpan: false), above, activity, bytes);
                return;
            }

            top = above;
        }

        Activity topKept = _kept.Topmost(activity);
        if (!AISpans.Contains(topKept))
        {
            // Only spans about AI make a trace of their own.
            LeaveOut(bytes);
        }
        else if (top.HasRemoteParent && CallerMark.TryRead(top, out CallerMark caller))
        {
            // Nobody here may ever end the trace: what comes for it goes as it comes.
            TraceRecord remote = _known.WithId(caller.Trace);
            remote.Finished |= !remote.IsRooted;
            Collect(remote, root: null, activity, bytes);
        }
        else if (top.HasRemoteParent || top.ParentSpanId == default)
        {
            CollectOwn(activity, topKept, bytes);
        }
        else if (_known.Find(top.TraceId) is { } record)
        {
            Collect(record, root: null, activity, bytes);
        }
        else
        {
            _orphans.Add((activity, top, topKept, time.GetTimestamp(), bytes));
        }
    }

    public void Add(ScoreItem score)
    {
        statistics.ScoresQueued();
        Activity? root = score.Trace;
        TraceRecord record = root is null ? _known.WithId(score.TraceId) : _known.StartingAt(root, isSpan: false);
        if ((record.DropReason ?? (record.ScoreCount < MaxScores ? null : DropReasons.QueueFull)) is { } reason)
        {
            Drop(reason);
            return;
        }

        record.Collect(score);

        // Nobody here may ever end it: what comes for it goes as it comes.
        record.Finished |= !record.IsRooted;
        Collected(record);
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
        _known.Forget();
    }

    /// <summary>At the end: what belongs to traces that are still open goes too.</summary>
    public void ReleaseOpen()
    {
        ResolveOrphans(force: true);
        while (_open.First is { } first)
            SendAhead(first.Value, last: true);
        Release(everything: true);
    }

    private void LeaveOut(long bytes)
    {
        statistics.Release(1);
        statistics.Memory.Release(bytes);
    }

    private void CollectOwn(Activity span, Activity topKept, long bytes)
    {
        TraceRecord record = _known.StartingAt(topKept, isSpan: true);
        Collect(record, topKept, span, bytes);
        if (ReferenceEquals(span, topKept))
            Finish(record, span, bytes: 0);
    }

    private void Collect(TraceRecord record, Activity? root, Activity span, long bytes)
    {
        statistics.SpanQueued();
        if (record.DropReason is { } reason)
        {
            statistics.SpansDropped(1, reason);
            statistics.Memory.Release(bytes);
            return;
        }

        if (record.OpenNode is not null)
        {
            _collected++;
            _collectedBytes += bytes;
        }

        record.Collect(span, _usage.IsSum(span, root), bytes);
        Collected(record);
    }

    private void Collected(TraceRecord record)
    {
        if (record.Finished)
        {
            Wait(record);
            return;
        }

        if (record.OpenNode is null)
        {
            record.OpenNode = _open.AddLast(record);
            record.CollectingSince = time.GetTimestamp();
            _collected += record.CollectedCount;
            _collectedBytes += record.CollectedBytes;
        }

        if (record.CollectedCount >= AheadAt)
            SendAhead(record);
        else if (_collected > settings.Options.MaxSpanCount / 2 || _collectedBytes > settings.Options.MaxMemoryBytes / 2)
            SendAhead(_open.First!.Value);
    }

    private void Finish(TraceRecord record, Activity root, long bytes)
    {
        if (!record.Finished && !record.HeadMade)
            statistics.TraceQueued();
        Close(record);
        record.Finished = true;
        record.CollectHead(root, bytes);
        Wait(record);
    }

    private void Close(TraceRecord record)
    {
        if (record.OpenNode is null)
            return;

        _open.Remove(record.OpenNode);
        record.OpenNode = null;
        _collected -= record.CollectedCount;
        _collectedBytes -= record.CollectedBytes;
    }

    private void SendAhead(TraceRecord record, bool last = false)
    {
        Close(record);

        // Spans of a trace that has ended and was forgotten go without its head: the server asks for one if it needs it. At the end there
        // is no time for that, and the end of the trace may have been turned away.
        bool isOver = record.CollectedRoot is { IsStopped: true };
        if (!record.HeadMade && record.CollectedRoot is { } root && (!isOver || (last && root.Recorded)))
        {
            record.CollectHead(root);
            statistics.TraceQueued();
        }

        if (!record.HeadMade && record.CollectedRoot is { IsStopped: true, Recorded: false })
        {
            // A processor took the trace out of the export when it ended.
            for (int scores = record.DropScores(); scores > 0; scores--)
                Drop(DropReasons.NotRecorded);
        }

        if (record.Waiting)
        {
            _waiting.Remove(record);
            record.Waiting = false;
        }

        Hand(record, confirm: record.HeadDue && !isOver);
    }

    private void SendAheadWhatIsOld()
    {
        for (LinkedListNode<TraceRecord>? node = _open.First; node is not null;)
        {
            LinkedListNode<TraceRecord>? next = node.Next;
            TimeSpan age = time.GetElapsedTime(node.Value.CollectingSince);
            if (age >= settings.Options.MaxTraceDuration
                || (node.Value.CollectedRoot is { IsStopped: true } && age >= settings.Options.FlushInterval * 2))
            {
                SendAhead(node.Value);
            }

            node = next;
        }
    }

    private void Wait(TraceRecord record)
    {
        if (record.Waiting)
            return;

        if (queue.IsFull(_waiting.Count))
        {
            _kept.FindParents(record);
            queue.Overflow(record);
            return;
        }

        record.Waiting = true;
        _waiting.Add(record);
    }

    private void Hand(TraceRecord record, bool confirm)
    {
        if (!record.HasWork)
            return;

        _kept.FindParents(record);
        queue.Send(record, confirm);
    }

    private void Drop(string scoreReason)
    {
        statistics.ReleaseScore();
        statistics.ScoreDropped(scoreReason);
    }

    private void ResolveOrphans(bool force)
    {
        for (int i = _orphans.Count - 1; i >= 0; i--)
        {
            (Activity span, Activity top, Activity topKept, long since, long bytes) = _orphans[i];
            if (_known.Find(top.TraceId) is { } record)
                Collect(record, root: null, span, bytes);
            else if (force || time.GetElapsedTime(since) >= OrphanPatience)
                CollectOwn(span, topKept, bytes);
            else
                continue;

            _orphans.RemoveAt(i);
        }
    }
}
