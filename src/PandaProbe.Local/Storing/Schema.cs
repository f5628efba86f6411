using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>The tables of the store, and what brings an older file to them.</summary>
internal static class Schema
{
    public const int PageSize = 16_384;

    /// <summary>The sums of a trace or a session, in the order of <see cref="Sums"/>.</summary>
    private const string SumColumns = """
        spans INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0, tools INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0,
        input INTEGER NOT NULL DEFAULT 0, output INTEGER NOT NULL DEFAULT 0, cache_read INTEGER NOT NULL DEFAULT 0, cache_write INTEGER NOT NULL DEFAULT 0,
        reasoning INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0, estimated INTEGER NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0
        """;

    private const string Tables = $"""
        CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL, started INTEGER NOT NULL);
        CREATE TABLE session (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, user TEXT, first INTEGER NOT NULL, last INTEGER NOT NULL, traces INTEGER NOT NULL DEFAULT 0,
            duration INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, preview_in TEXT, preview_out TEXT, in_at INTEGER, out_at INTEGER, model TEXT,
            version INTEGER NOT NULL, {SumColumns});
        CREATE INDEX session_last ON session (last, id);
        CREATE INDEX session_version ON session (version);
        CREATE TABLE trace (
            id INTEGER PRIMARY KEY, trace_id BLOB NOT NULL UNIQUE, run INTEGER, session INTEGER, name TEXT, name_rank INTEGER NOT NULL, status TEXT NOT NULL,
            start INTEGER NOT NULL, end INTEGER NOT NULL, preview_in TEXT, preview_out TEXT, in_rank INTEGER NOT NULL, out_rank INTEGER NOT NULL,
            in_at INTEGER NOT NULL, out_at INTEGER NOT NULL, model TEXT, user TEXT, tags TEXT, environment TEXT, release TEXT, service TEXT,
            root BLOB, head BLOB, received INTEGER NOT NULL, version INTEGER NOT NULL, {SumColumns});
        CREATE INDEX trace_start ON trace (start, id);
        CREATE INDEX trace_session ON trace (session, start);
        CREATE INDEX trace_version ON trace (version);
        CREATE TABLE span (
            id INTEGER PRIMARY KEY, trace INTEGER NOT NULL, key BLOB NOT NULL, parent BLOB, source INTEGER NOT NULL, flags INTEGER NOT NULL, kind TEXT NOT NULL,
            name TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, status INTEGER NOT NULL, model TEXT, provider TEXT, tool TEXT, input INTEGER,
            output INTEGER, cache_read INTEGER, cache_write INTEGER, reasoning INTEGER, cost REAL, estimated INTEGER NOT NULL, first_token INTEGER, error TEXT,
            label TEXT);
        CREATE UNIQUE INDEX span_trace ON span (trace, key);
        CREATE TABLE body (span INTEGER PRIMARY KEY, rest BLOB NOT NULL, refs BLOB NOT NULL, origin INTEGER NOT NULL, length INTEGER NOT NULL);
        CREATE TABLE message (id INTEGER PRIMARY KEY, hash BLOB NOT NULL, first_span INTEGER NOT NULL, last_trace INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX message_last ON message (last_trace);
        CREATE TABLE score (
            id INTEGER PRIMARY KEY, score_id BLOB NOT NULL UNIQUE, trace_id BLOB NOT NULL, span BLOB, name TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL,
            source TEXT NOT NULL, reason TEXT, metadata TEXT, environment TEXT, author TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL);
        CREATE INDEX score_trace ON score (trace_id);
        CREATE TABLE log (
            id INTEGER PRIMARY KEY, trace_id BLOB, span BLOB, time INTEGER NOT NULL, severity INTEGER NOT NULL, name TEXT, is_content INTEGER NOT NULL,
            data BLOB NOT NULL);
        CREATE INDEX log_trace ON log (trace_id);
        CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>The step at index n brings a file of version n to version n + 1. Files are out there: steps are only added.</summary>
    private static readonly string[] Steps =
    [
        Tables,

        // Whether a tool was called with the same arguments again; null on spans that an earlier version stored.
        "ALTER TABLE span ADD COLUMN arguments INTEGER;",

        // A log record that comes again, from a client that retries or a file that is imported twice, is one record.
        "ALTER TABLE log ADD COLUMN hash INTEGER; CREATE UNIQUE INDEX log_hash ON log (trace_id, hash); DROP INDEX log_trace;",
    ];

    public static int Version => Steps.Length;

    /// <summary>Brings the file to the version of this program. Returns what is wrong when it cannot, or null.</summary>
    public static string? Upgrade(SqliteConnection connection)
    {
        long found = Number(connection, "PRAGMA user_version");
        if (found > Version)
            return $"The file was written by a later version of the viewer (its tables have version {found}, this program knows {Version}).";

        // Before the first table, or never.
        Execute(connection, $"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;");
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            // Another process may have been faster.
            long version = Number(connection, "PRAGMA user_version");
            for (long step = version; step < Version; step++)
                Execute(connection, Steps[step]);
            Execute(connection, $"PRAGMA user_version = {Version}");
            Execute(connection, "COMMIT");
            return null;
        }
        finally
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                Execute(connection, "ROLLBACK");
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using Statement statement = new(connection, sql);
        return statement.RunForNumber() ?? 0;
    }
}
