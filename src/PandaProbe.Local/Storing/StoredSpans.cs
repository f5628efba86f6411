using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Storing;

/// <summary>A stored span as it was received, with the log records that belong to it.</summary>
/// <remarks><see cref="Whole"/> holds this one span with its resource and scope.</remarks>
internal sealed record StoredSpan(
    UInt128 Trace, UInt128 Key, UInt128 Parent, SpanSource Source, ResourceSpans Whole, IReadOnlyList<LogRecord> Logs)
{
    public Span Span => Whole.ScopeSpans[0].Spans[0];

    /// <summary>Reads it again: reading improves with the program, what was received does not change.</summary>
    public ReadSpan Read() => SpanReader.Read(Span, Whole.Resource, Whole.ScopeSpans[0].Scope, Logs);
}

/// <summary>Puts stored spans together again, byte by byte what was received.</summary>
internal sealed class StoredSpans(SqliteConnection connection) : IDisposable
{
    private const int MostChunks = 10_000;

    private const string Select = """
        SELECT t.trace_id, s.key, s.parent, s.source, b.rest, b.refs, b.origin FROM trace t JOIN span s ON s.trace = t.id JOIN body b ON b.span = s.id
        """;

    private readonly Statement _message = new(connection, "SELECT data FROM message WHERE id = ?1");
    private readonly Statement _logs = new(connection, "SELECT data FROM log WHERE trace_id = ?1 AND span = ?2 ORDER BY id");
    private readonly Dictionary<long, byte[]> _known = [];
    private Dictionary<UInt128, bool>? _tracesWithLogs;

    public StoredSpan? Find(UInt128 trace, UInt128 key)
    {
        using Statement rows = new(connection, Select + " WHERE t.trace_id = ?1 AND s.key = ?2");
        rows.Bind(1, trace).Bind(2, key);
        return rows.Step() ? Read(rows) : null;
    }

    /// <summary>Returns the spans of a trace, by their start.</summary>
    public IEnumerable<StoredSpan> OfTrace(UInt128 trace)
    {
        using Statement rows = new(connection, Select + " WHERE t.trace_id = ?1 ORDER BY s.start, s.id");
        rows.Bind(1, trace);
        while (rows.Step())
            yield return Read(rows);
    }

    /// <summary>Returns the log records of a trace as they were received, with resource and scope.</summary>
    public IEnumerable<ResourceLogs> LogsOfTrace(UInt128 trace)
    {
        using Statement rows = new(connection, "SELECT data FROM log WHERE trace_id = ?1 ORDER BY id");
        rows.Bind(1, trace);
        while (rows.Step())
            yield return ResourceLogs.Parser.ParseFrom(Packing.Unpack(rows.Blob(0)));
    }

    public void Dispose()
    {
        _message.Dispose();
        _logs.Dispose();
    }

    private StoredSpan Read(Statement row)
    {
        UInt128 trace = row.Id(0);
        UInt128 key = row.Id(1);
        byte[] bytes = FoldedBody.Unfold(row.Blob(4), row.Blob(5), Message);
        ResourceSpans whole = ResourceSpans.Parser.ParseFrom(Message(row.Long(6)));
        if (whole.ScopeSpans.Count == 0)
            whole.ScopeSpans.Add(new ScopeSpans());
        whole.ScopeSpans[0].Spans.Add(Span.Parser.ParseFrom(bytes));
        return new(trace, key, row.Id(2), (SpanSource)row.Long(3), whole, Logs(trace, key));
    }

    private List<LogRecord> Logs(UInt128 trace, UInt128 key)
    {
        _tracesWithLogs ??= [];
        if (!_tracesWithLogs.TryGetValue(trace, out bool has))
        {
            using Statement any = new(connection, "SELECT EXISTS (SELECT 1 FROM log WHERE trace_id = ?1)");
            _tracesWithLogs[trace] = has = any.Bind(1, trace).RunForNumber() != 0;
        }

        List<LogRecord> records = [];
        if (!has)
            return records;

        _logs.Bind(1, trace).Bind(2, key);
        while (_logs.Step())
            records.Add(ResourceLogs.Parser.ParseFrom(Packing.Unpack(_logs.Blob(0))).ScopeLogs[0].LogRecords[0]);
        _logs.Reset();
        return records;
    }

    private byte[] Message(long id)
    {
        if (_known.TryGetValue(id, out byte[]? known))
            return known;

        byte[] data = _message.Bind(1, id).Step() ? Packing.Unpack(_message.Blob(0)) : [];
        _message.Reset();
        if (_known.Count >= MostChunks)
            _known.Clear();
        return _known[id] = data;
    }
}
