using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>
/// Reads and writes the rows of traces, with the state of their spans. Keeps those of late, because spans of a trace come in many requests.
/// </summary>
internal sealed class TraceRows(SqliteConnection connection, SessionRows sessions) : IDisposable
{
    private const int MostSpans = 400_000;

    private const string Columns = $"""
        id, trace_id, run, session, name, name_rank, status, start, end, preview_in, preview_out, in_rank, out_rank, in_at, out_at, model, user, tags,
        environment, release, service, root, head, received, {Sums.Columns}
        """;

    private const int SumColumn = 24;

    private readonly Statement _find = new(connection, $"SELECT {Columns} FROM trace WHERE trace_id = ?1");
    private readonly Statement _siblings = new(
        connection, "SELECT trace_id FROM trace WHERE trace_id >= ?1 AND trace_id <= ?2 AND trace_id <> ?3 LIMIT 100");
    private readonly Statement _spans = new(connection, "SELECT id, key, parent, source, flags FROM span WHERE trace = ?1");
    private readonly Statement _insert = new(connection, """
        INSERT INTO trace (trace_id, name_rank, status, start, end, in_rank, out_rank, in_at, out_at, received, version) VALUES (?1, 0, '', 0, 0, 0, 0, 0, 0, 0, 0)
        """);

    private readonly Statement _update = new(connection, """
        UPDATE trace SET run = ?2, session = ?3, name = ?4, name_rank = ?5, status = ?6, start = ?7, end = ?8, preview_in = ?9, preview_out = ?10, in_rank = ?11,
            out_rank = ?12, in_at = ?13, out_at = ?14, model = ?15, user = ?16, tags = ?17, environment = ?18, release = ?19, service = ?20, root = ?21,
            head = ?22, received = ?23, version = ?24, spans = ?25, calls = ?26, tools = ?27, errors = ?28, input = ?29, output = ?30, cache_read = ?31,
            cache_write = ?32, reasoning = ?33, cost = ?34, estimated = ?35, unpriced = ?36
        WHERE id = ?1
        """);

    private readonly Statement _delete = new(connection, "DELETE FROM trace WHERE id = ?1");
    private readonly Dictionary<UInt128, TraceState> _known = [];
    private long _spanCount;

    public TraceState? Find(UInt128 traceId)
    {
        if (_known.TryGetValue(traceId, out TraceState? known))
            return known;

        _find.Bind(1, traceId);
        if (!_find.Step())
        {
            _find.Reset();
            return null;
        }

        TraceState trace = Read(_find, out long? session);
        _find.Reset();
        if (session is { } id)
        {
            trace.Session = sessions.Find(id);
            trace.Shared = Share(trace);
        }

        _spans.Bind(1, trace.Id);
        while (_spans.Step())
        {
            trace.Spans[_spans.Id(1)] = new()
            {
                Id = _spans.Long(0),
                Parent = _spans.Id(2),
                Source = (SpanSource)_spans.Long(3),
                Flags = (SpanFlags)_spans.Long(4),
            };
        }

        _spans.Reset();
        Keep(trace);
        return trace;
    }

    public TraceState FindOrAdd(UInt128 traceId, long now, long? run)
    {
        if (Find(traceId) is { } known)
            return known;

        _insert.Bind(1, traceId).Run();
        TraceState trace = new() { Id = _insert.InsertedId, TraceId = traceId, Received = now, Run = run };
        Keep(trace);
        return trace;
    }

    /// <summary>Returns the ids of other traces that begin with the same eight bytes.</summary>
    public List<UInt128> Alike(UInt128 traceId)
    {
        ulong upper = (ulong)(traceId >> 64);
        List<UInt128> alike = [];
        if (upper == 0)
            return alike;

        _siblings.Bind(1, new UInt128(upper, 0)).Bind(2, new UInt128(upper, ulong.MaxValue)).Bind(3, traceId);
        while (_siblings.Step())
            alike.Add(_siblings.Id(0));
        _siblings.Reset();
        return alike;
    }

    public void Write(TraceState trace, long version)
    {
        if (trace.Session is { } session)
        {
            SessionShare share = Share(trace);
            session.Take(trace.Shared, share);
            sessions.Change(session);
            trace.Shared = share;
            session.First = session.First == 0 ? trace.Start : Math.Min(session.First, trace.Start);
            session.Last = Math.Max(session.Last, trace.End);
            session.User ??= trace.User;
            session.Model = trace.Model ?? session.Model;
            session.Previews.OfferInput(trace.Previews.In, 1, trace.Start);
            session.Previews.OfferOutput(trace.Previews.Out, 1, trace.End);
        }

        _update.Bind(1, trace.Id).Bind(2, trace.Run).Bind(3, trace.Session?.Id).Bind(4, trace.Name).Bind(5, (long)trace.NameRank)
            .Bind(6, trace.Status)
            .Bind(7, trace.Start).Bind(8, trace.End).Bind(9, trace.Previews.In).Bind(10, trace.Previews.Out).Bind(11, trace.Previews.InRank)
            .Bind(12, trace.Previews.OutRank).Bind(13, trace.Previews.InAt).Bind(14, trace.Previews.OutAt).Bind(15, trace.Model)
            .Bind(16, trace.User)
            .Bind(17, trace.Tags).Bind(18, trace.Environment).Bind(19, trace.Release).Bind(20, trace.Service).BindId(21, trace.Root)
            .Bind(23, trace.Received).Bind(24, version);
        if (trace.Head is null)
            _update.BindNull(22);
        else
            _update.Bind(22, trace.Head);
        trace.Sums.Bind(_update, 25);
        _update.Run();
    }

    /// <summary>Forgets what is kept: another process wrote, or a transaction was rolled back.</summary>
    public void Forget()
    {
        _known.Clear();
        _spanCount = 0;
    }

    public void Forget(UInt128 traceId)
    {
        if (_known.Remove(traceId, out TraceState? trace))
            _spanCount -= trace.Spans.Count + 1;
    }

    /// <summary>Call between transactions only: what is forgotten must be written.</summary>
    public void Trim()
    {
        if (_spanCount > MostSpans || sessions.IsCrowded)
        {
            Forget();
            sessions.Forget();
        }
    }

    public void Added(int spans) => _spanCount += spans;

    public void Delete(TraceState trace)
    {
        _delete.Bind(1, trace.Id).Run();
        Forget(trace.TraceId);
    }

    public void Dispose()
    {
        _find.Dispose();
        _siblings.Dispose();
        _spans.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _delete.Dispose();
    }

    private static SessionShare Share(TraceState trace) => new(trace.Sums, 1, trace.Duration, trace.Status == "ERROR" ? 1 : 0);

    private void Keep(TraceState trace)
    {
        _known[trace.TraceId] = trace;
        _spanCount += trace.Spans.Count + 1;
    }

    private static TraceState Read(Statement row, out long? session)
    {
        session = row.LongOrNull(3);
        return new()
        {
            Id = row.Long(0),
            TraceId = row.Id(1),
            Run = row.LongOrNull(2),
            Name = row.Text(4),
            NameRank = (int)row.Long(5),
            Status = row.Text(6) ?? "",
            Start = row.Long(7),
            End = row.Long(8),
            Previews = new()
            {
                In = row.Text(9),
                Out = row.Text(10),
                InRank = row.Long(11),
                OutRank = row.Long(12),
                InAt = row.Long(13),
                OutAt = row.Long(14),
            },
            Model = row.Text(15),
            User = row.Text(16),
            Tags = row.Text(17),
            Environment = row.Text(18),
            Release = row.Text(19),
            Service = row.Text(20),
            Root = row.Id(21),
            Head = row.IsNull(22) ? null : row.Blob(22).ToArray(),
            Received = row.Long(23),
            Sums = Sums.Read(row, SumColumn),
        };
    }
}
