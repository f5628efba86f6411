using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>The writer's connection with its statements, and what it remembers of the file.</summary>
internal sealed class WriterSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _dataVersion;
    private readonly TraceRows _traces;
    private readonly SessionRows _sessions;
    private readonly RunRows _runs;
    private readonly SpanRows _spans;
    private readonly OtherRows _others;
    private readonly Intake _intake;
    private readonly Retention _retention;
    private readonly ContentLogs _contentLogs;
    private readonly long? _run;
    private long _number;
    private long _version;

    public WriterSession(SqliteConnection connection, StoreOptions options)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _dataVersion = new(connection, "PRAGMA data_version");
        _sessions = new(connection);
        _runs = new(connection);
        _traces = new(connection, _sessions);
        _spans = new(connection);
        _others = new(connection);
        _intake = new(_traces, _sessions, _runs, _spans, _others);
        _retention = new(connection, options, _traces, _sessions, _spans, _others);
        _contentLogs = new(connection);
        _run = options.Run is { } run ? _runs.FindOrAdd(run, options.Time.GetUtcNow().ToUnixTimeMilliseconds()) : null;
    }

    public CommitNews? Write(List<WriteRequest> batch, long now)
    {
        _begin.Run();
        try
        {
            // Another process may have written to the same file since.
            long version = _dataVersion.RunForNumber() ?? 0;
            if (version != _version)
                Forget();
            _version = version;
            _traces.Trim();
            if (_number == 0)
                _number = LastNumber(_connection);

            foreach (WriteRequest request in batch)
                _intake.Take(_contentLogs.Join(request), now, _run);
            UInt128[] changed = [.. _intake.ChangedTraces];
            _intake.Finish(_number + 1);
            bool deleted = _retention.Apply(now, _number + 1);
            _commit.Run();
            _retention.AfterCommit();
            if (changed.Length == 0 && !deleted)
                return null;
            return new(++_number, changed);
        }
        catch
        {
            Forget();
            _intake.Reset();
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                SQLitePCL.raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            throw;
        }
    }

    public void Dispose()
    {
        IDisposable[] all =
        [
            _begin, _commit, _dataVersion, _traces, _sessions, _runs, _spans, _others, _retention, _contentLogs, _connection,
        ];
        foreach (IDisposable part in all)
            part.Dispose();
    }

    private void Forget()
    {
        _traces.Forget();
        _sessions.Forget();
        _runs.Forget();
        _spans.Forget();
        _number = 0;
    }

    private static long LastNumber(SqliteConnection connection) => Schema.Number(connection, """
        SELECT max(coalesce((SELECT max(version) FROM trace), 0), coalesce((SELECT max(version) FROM session), 0),
            coalesce((SELECT value FROM fact WHERE name = 'commit'), 0))
        """);
}
