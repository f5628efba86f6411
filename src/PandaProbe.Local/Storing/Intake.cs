namespace PandaProbe.Local.Storing;

/// <summary>
/// Takes spans, heads and scores into the tables within one transaction, and keeps the sums right whatever the order in which they come: a
/// span whose descendants report tokens is a sum, or the outer layer of the same call, and is not added.
/// </summary>
internal sealed class Intake(TraceRows traces, SessionRows sessions, RunRows runs, SpanRows spans, OtherRows others)
{
    private readonly HashSet<TraceState> _changed = [];
    private readonly HashSet<SpanState> _changedFlags = [];
    private readonly List<(TraceState Trace, UInt128 Key, SpanState Span, long Start)> _missing = [];

    public IEnumerable<UInt128> ChangedTraces => _changed.Select(static trace => trace.TraceId);

    public void Take(WriteRequest request, long now, long? run)
    {
        if (request.Head is { } head)
            Take(head, now, run);
        foreach (SpanRow span in request.Spans)
            Take(span, now, run);
        foreach (LogRow log in request.Logs)
            others.Write(log);
        foreach (ScoreRow score in request.Scores)
            Take(score, now);
        foreach (UInt128 score in request.DeletedScores)
        {
            if (others.DeleteScore(score) is { } trace && traces.Find(trace) is { } changed)
                Change(changed);
        }
    }

    /// <summary>Writes the rows of everything that changed.</summary>
    public void Finish(long version)
    {
        foreach ((TraceState trace, UInt128 key, SpanState span, long start) in _missing)
        {
            if (span.Id == 0)
                span.Id = spans.Write(0, trace.Id, new() { Trace = trace.TraceId, Key = key, Start = start }, span.Flags);
        }

        foreach (SpanState span in _changedFlags)
            spans.WriteFlags(span.Id, span.Flags);
        foreach (TraceState trace in _changed)
            traces.Write(trace, version);
        sessions.WriteChanged(version);
        Reset();
    }

    public void Reset()
    {
        _missing.Clear();
        _changedFlags.Clear();
        _changed.Clear();
    }

    private void Take(SpanRow row, long now, long? run)
    {
        TraceState trace = Trace(row.Trace, now, run);
        if (row.Run is { } name)
            trace.Run = runs.FindOrAdd(name, now);
        if (trace.Siblings.Count > 0 && trace.Siblings.Remove(row.Key) && traces.Find(row.Key) is { } part)
            Join(trace, part);

        if (!trace.Spans.TryGetValue(row.Key, out SpanState? span))
        {
            trace.Spans[row.Key] = span = new();
            traces.Added(1);
        }
        else if (span.Source > row.Source)
        {
            return;
        }

        Count(trace, span, -1);
        SpanFlags below = span.Flags & (SpanFlags.ReportsBelow | SpanFlags.CallsBelow);
        span.Flags = SpanTree.FlagsOf(row) | below;
        span.Parent = row.Parent == row.Key ? default : row.Parent;
        span.Source = row.Source;
        span.Id = spans.Write(span.Id, trace.Id, row, span.Flags);
        trace.Sums += SpanTree.IsCounted(span.Flags) ? SpanTree.Counted(span) + row.Usage : SpanTree.Counted(span);
        Rise(trace, span, row.Start);
        Description.Take(trace, row, sessions);
        foreach (ScoreRow score in row.Scores)
            others.Write(score, now);
        Change(trace);
    }

    private TraceState Trace(UInt128 id, long now, long? run)
    {
        if (traces.Find(id) is { } known)
            return known;

        // A trace below another one has an id of its own over REST, which is the id of its first span over OTLP.
        List<UInt128> alike = traces.Alike(id);
        foreach (UInt128 other in alike)
        {
            if (traces.Find(other) is { } whole && whole.Spans.ContainsKey(id))
                return whole;
        }

        TraceState trace = traces.FindOrAdd(id, now, run);
        trace.Siblings.AddRange(alike);
        return trace;
    }

    /// <summary>Makes a trace that came over REST a part of the one that it belongs to.</summary>
    private void Join(TraceState whole, TraceState part)
    {
        foreach ((UInt128 key, SpanState span) in part.Spans)
        {
            if (whole.Spans.ContainsKey(key))
            {
                spans.Delete(span.Id);
                continue;
            }

            if (span.Parent == default)
                span.Parent = part.TraceId;
            whole.Spans[key] = span;
            spans.Move(span.Id, whole.Id, span.Parent);
            Count(whole, span, 1);
            Rise(whole, span, whole.Start);
        }

        if (whole.Session is null)
            whole.Session = part.Session;
        whole.Start = whole.Start == 0 ? part.Start : Math.Min(whole.Start, part.Start);
        whole.End = Math.Max(whole.End, part.End);
        spans.MoveMessages(part.Id, whole.Id);
        others.MoveScores(part.TraceId, whole.TraceId);
        Remove(part);
        Change(whole);
    }

    private void Remove(TraceState trace)
    {
        if (trace.Session is { } session)
        {
            session.Take(trace.Shared, default);
            sessions.Change(session);
        }

        _changed.Remove(trace);
        traces.Delete(trace);
    }

    /// <summary>Adds what the span stands for, or takes it away.</summary>
    private void Count(TraceState trace, SpanState span, int sign)
    {
        Sums sums = SpanTree.Counted(span);
        if (SpanTree.IsCounted(span.Flags))
            sums += spans.Usage(span.Id);
        trace.Sums = sign > 0 ? trace.Sums + sums : trace.Sums - sums;
    }

    /// <summary>Tells the spans above what is below them.</summary>
    private void Rise(TraceState trace, SpanState span, long start)
    {
        for (UInt128 id = span.Parent; id != default; id = span.Parent)
        {
            if (!trace.Spans.TryGetValue(id, out SpanState? parent))
            {
                trace.Spans[id] = parent = new();
                traces.Added(1);
                _missing.Add((trace, id, parent, start));
            }

            // A span that is marked has told those above it, so a cycle ends here as well.
            SpanFlags news = SpanTree.ToParent(span.Flags) & ~parent.Flags;
            if (news == 0)
                return;

            Count(trace, parent, -1);
            parent.Flags |= news;
            Count(trace, parent, 1);
            _changedFlags.Add(parent);
            span = parent;
        }
    }

    private void Take(HeadRow head, long now, long? run)
    {
        TraceState trace = Trace(head.Trace, now, run);
        Description.Take(trace, head, sessions);
        Change(trace);
    }

    private void Take(ScoreRow score, long now)
    {
        others.Write(score, now);
        if (traces.Find(score.Trace) is { } trace)
            Change(trace);
    }

    private void Change(TraceState trace) => _changed.Add(trace);
}
