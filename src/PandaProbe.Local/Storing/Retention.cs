using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>
/// Deletes the traces that came first, when the file holds more than it may or they are too old. Counts them, so that the pages can say it.
/// </summary>
internal sealed class Retention : IDisposable
{
    public const string DeletedTraces = "deleted_traces";
    public const string DeletedSpans = "deleted_spans";

    private const int MostAtATime = 10_000;
    private const int CommitsBetween = 2;

    /// <summary>
    /// Deleting begins below what the file may have, because a commit writes first and deletes afterwards, and a file is made smaller page
    /// by page. It ends lower still, so that it does not begin again with the next commit.
    /// </summary>
    private const double Begins = 0.95;
    private const double Ends = 0.85;

    private readonly StoreOptions _options;
    private readonly TraceRows _traces;
    private readonly SessionRows _sessions;
    private readonly SpanRows _spans;
    private readonly OtherRows _others;
    private readonly Statement _pageSize;
    private readonly Statement _pageCount;
    private readonly Statement _freePages;
    private readonly Statement _oldest;
    private readonly Statement _spanIds;
    private readonly Statement _count;
    private readonly Statement _number;
    private readonly Statement _vacuum;
    private int _commits;
    private bool _isDeleting;

    public Retention(SqliteConnection connection, StoreOptions options, TraceRows traces, SessionRows sessions, SpanRows spans,
        OtherRows others)
    {
        _options = options;
        _traces = traces;
        _sessions = sessions;
        _spans = spans;
        _others = others;
        _pageSize = new(connection, "PRAGMA page_size");
        _pageCount = new(connection, "PRAGMA page_count");
        _freePages = new(connection, "PRAGMA freelist_count");
        _oldest = new(connection, "SELECT trace_id, received FROM trace ORDER BY id LIMIT 1");
        _spanIds = new(connection, "SELECT id FROM span WHERE trace = ?1");
        _count = new(connection, "INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + ?2");
        // The traces with the latest number may be among those that are deleted.
        _number = new(connection, "INSERT OR REPLACE INTO fact (name, value) VALUES ('commit', ?1)");
        _vacuum = new(connection, "PRAGMA incremental_vacuum(512)");
    }

    /// <summary>Deletes a part of what is too much, within the transaction of a commit. Returns whether it deleted anything.</summary>
    public bool Apply(long now, long version)
    {
        if (!_isDeleting && _commits++ % CommitsBetween != 0)
            return false;

        long used = UsedBytes();
        double limit = _options.FileBytes * (_isDeleting ? Ends : Begins);
        long deletedSpans = 0;
        long deletedTraces = 0;
        while (deletedSpans < MostAtATime && Oldest() is { } oldest)
        {
            bool isTooOld = _options.KeepAge is { } age && oldest.Received < now - (long)age.TotalMilliseconds;
            if (!isTooOld && used <= limit)
                break;

            deletedSpans += Delete(oldest.Trace);
            deletedTraces++;
            used = UsedBytes();
        }

        _isDeleting = deletedSpans >= MostAtATime || (deletedTraces > 0 && used > _options.FileBytes * Ends);
        if (deletedTraces == 0)
            return false;

        _count.Bind(1, DeletedTraces).Bind(2, deletedTraces).Run();
        _count.Bind(1, DeletedSpans).Bind(2, deletedSpans).Run();
        _number.Bind(1, version).Run();
        _sessions.WriteChanged(version);
        return true;
    }

    /// <summary>Gives pages back to the file system when the file has more than it may. Below that it reuses its own.</summary>
    public void AfterCommit()
    {
        if (_pageCount.RunForNumber() * PageSize <= _options.FileBytes)
            return;

        // Each step gives back one page.
        while (_vacuum.Step())
        {
        }

        _vacuum.Reset();
    }

    public void Dispose()
    {
        Statement[] all = [_pageSize, _pageCount, _freePages, _oldest, _spanIds, _count, _number, _vacuum];
        foreach (Statement statement in all)
            statement.Dispose();
    }

    private long PageSize => _pageSize.RunForNumber() ?? 4096;

    private long UsedBytes() => ((_pageCount.RunForNumber() ?? 0) - (_freePages.RunForNumber() ?? 0)) * PageSize;

    private (UInt128 Trace, long Received)? Oldest()
    {
        (UInt128, long)? oldest = _oldest.Step() ? (_oldest.Id(0), _oldest.Long(1)) : null;
        _oldest.Reset();
        return oldest;
    }

    private long Delete(UInt128 id)
    {
        TraceState trace = _traces.Find(id)!;
        List<long> ids = [];
        _spanIds.Bind(1, trace.Id);
        while (_spanIds.Step())
            ids.Add(_spanIds.Long(0));
        _spanIds.Reset();
        foreach (long span in ids)
            _spans.Delete(span);
        _others.DeleteOf(id);
        if (trace.Session is { } session)
        {
            session.Take(trace.Shared, default);
            _sessions.Change(session);
        }

        _spans.DeleteMessagesUpTo(trace.Id);
        _traces.Delete(trace);
        return ids.Count;
    }
}
