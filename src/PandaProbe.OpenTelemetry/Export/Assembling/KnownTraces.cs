using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Context;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// The traces that the exporter knows: by their activities as long as somebody else references these, and for a limited time and number by
/// their identifiers, for scores and for spans that were given only the context of their parent. Runs on the export thread only.
/// </summary>
internal sealed class KnownTraces(ExportStatistics statistics, TimeProvider time)
{
    private const int MaxListed = 4096;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(15);

    private readonly ConditionalWeakTable<Activity, TraceRecord> _byRoot = [];
    private readonly Dictionary<Guid, TraceRecord> _byId = [];
    private readonly Dictionary<ActivityTraceId, TraceRecord> _nested = [];

    // One entry for each listed trace.
    private readonly Queue<(TraceRecord Record, long Since)> _listed = new();

    /// <summary>
    /// The trace that begins with <paramref name="root"/>: its own activity, or the topmost span where nobody opened a trace.
    /// </summary>
    public TraceRecord StartingAt(Activity root, bool isSpan)
    {
        if (!_byRoot.TryGetValue(root, out TraceRecord? record))
        {
            record = WithId(ProbeIds.TraceId(root));
            if (!record.IsRooted)
                record.BeginAt(root, isSpan);
            _byRoot.Add(root, record);
        }
        else if (record.IsListed)
        {
            return record;
        }
        else
        {
            List(record);
        }

        if (root.ParentSpanId != default)
            _nested[root.TraceId] = record;
        return record;
    }

    public TraceRecord WithId(Guid id)
    {
        if (!_byId.TryGetValue(id, out TraceRecord? record))
            List(record = new(id, statistics));
        return record;
    }

    /// <summary>The trace of a span that was given only the context of its parent, when the trace is one of this process.</summary>
    public TraceRecord? Find(ActivityTraceId traceId) =>
        _byId.TryGetValue(ProbeIds.Whole(traceId), out TraceRecord? record) || _nested.TryGetValue(traceId, out record) ? record : null;

    /// <summary>Removes the oldest traces of which nothing waits to be sent.</summary>
    public void Forget()
    {
        int excess = _listed.Count - MaxListed;
        while (_listed.TryPeek(out (TraceRecord Record, long Since) oldest)
            && (excess-- > 0 || time.GetElapsedTime(oldest.Since) >= MaxAge))
        {
            _listed.Dequeue();
            TraceRecord record = oldest.Record;
            if (record.IsBusy)
            {
                _listed.Enqueue((record, time.GetTimestamp()));
                continue;
            }

            record.IsListed = false;
            if (_byId.TryGetValue(record.Id, out TraceRecord? known) && ReferenceEquals(known, record))
                _byId.Remove(record.Id);
            if (_nested.TryGetValue(record.TraceId, out TraceRecord? nested) && ReferenceEquals(nested, record))
                _nested.Remove(record.TraceId);
        }
    }

    private void List(TraceRecord record)
    {
        record.IsListed = true;
        _byId[record.Id] = record;
        _listed.Enqueue((record, time.GetTimestamp()));
    }
}
