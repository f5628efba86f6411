using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Logs.V1;

namespace PandaProbe.Local.Storing;

/// <summary>Brings spans together with the log records that hold their messages, in whichever order they come.</summary>
internal sealed class ContentLogs(SqliteConnection connection) : IDisposable
{
    private readonly Statement _logs = new(
        connection, "SELECT data FROM log WHERE trace_id = ?1 AND span = ?2 AND is_content = 1 ORDER BY id");
    private readonly Statement _span = new(connection, """
        SELECT s.parent, s.source, b.rest, b.refs, b.origin FROM trace t JOIN span s ON s.trace = t.id JOIN body b ON b.span = s.id
        WHERE t.trace_id = ?1 AND s.key = ?2
        """);

    private readonly Statement _message = new(connection, "SELECT data FROM message WHERE id = ?1");
    private bool _any = Schema.Number(connection, "SELECT EXISTS (SELECT 1 FROM log WHERE is_content = 1)") != 0;

    /// <summary>
    /// Returns the request with its spans as they are with their logs, and with the stored spans that its logs belong to.
    /// </summary>
    public WriteRequest Join(WriteRequest request)
    {
        Dictionary<(UInt128, UInt128), List<LogRecord>> news = [];
        foreach (LogRow log in request.Logs)
        {
            if (!log.IsContent || log.Span == default)
                continue;

            _any = true;
            if (!news.TryGetValue((log.Trace, log.Span), out List<LogRecord>? records))
                news[(log.Trace, log.Span)] = records = [];
            records.Add(Record(log.Data));
        }

        if (!_any)
            return request;

        List<SpanRow> spans = new(request.Spans.Count);
        foreach (SpanRow span in request.Spans)
        {
            List<LogRecord> logs = Stored(span.Trace, span.Key);
            spans.Add(logs.Count == 0 || span.Body is null
                ? span : SpanRowMaker.Again(span, span.Body.Unfold(), span.Origin.Bytes.Span, logs));
        }

        foreach (((UInt128 trace, UInt128 key), List<LogRecord> records) in news)
        {
            if (Load(trace, key) is { Body: { } body } span)
            {
                LogRecord[] logs = [.. Stored(trace, key).Concat(records).Distinct()];
                spans.Add(SpanRowMaker.Again(span, body.Unfold(), span.Origin.Bytes.Span, logs));
            }
        }

        return new()
        {
            Spans = spans,
            Logs = request.Logs,
            Scores = request.Scores,
            Head = request.Head,
            DeletedScores = request.DeletedScores
        };
    }

    public void Dispose()
    {
        _logs.Dispose();
        _span.Dispose();
        _message.Dispose();
    }

    private static LogRecord Record(byte[] data) => ResourceLogs.Parser.ParseFrom(data).ScopeLogs[0].LogRecords[0];

    private List<LogRecord> Stored(UInt128 trace, UInt128 span)
    {
        List<LogRecord> records = [];
        _logs.Bind(1, trace).Bind(2, span);
        while (_logs.Step())
            records.Add(Record(Packing.Unpack(_logs.Blob(0))));
        _logs.Reset();
        return records;
    }

    private SpanRow? Load(UInt128 trace, UInt128 key)
    {
        _span.Bind(1, trace).Bind(2, key);
        SpanRow? row = null;
        if (_span.Step())
        {
            byte[] origin = Message(_span.Long(4));
            row = new()
            {
                Trace = trace,
                Key = key,
                Parent = _span.Id(0),
                Source = (SpanSource)_span.Long(1),
                Body = FoldedBody.Fold(FoldedBody.Unfold(_span.Blob(2), _span.Blob(3), Message)),
                Origin = new(0, FoldedBody.HashOf(origin), origin),
            };
        }

        _span.Reset();
        return row;
    }

    private byte[] Message(long id)
    {
        byte[] data = _message.Bind(1, id).Step() ? Packing.Unpack(_message.Blob(0)) : [];
        _message.Reset();
        return data;
    }
}
