using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>Reads and writes the rows of spans with their bytes, and the messages that they share.</summary>
internal sealed class SpanRows(SqliteConnection connection) : IDisposable
{
    private const int MostHashes = 100_000;

    private readonly Statement _insert = new(connection, """
        INSERT INTO span (trace, key, parent, source, flags, kind, name, start, end, status, model, provider, tool, input, output, cache_read, cache_write, reasoning,
            cost, estimated, first_token, error, label)
        VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
        """);

    private readonly Statement _update = new(connection, """
        UPDATE span SET trace = ?2, key = ?3, parent = ?4, source = ?5, flags = ?6, kind = ?7, name = ?8, start = ?9, end = ?10, status = ?11, model = ?12,
            provider = ?13, tool = ?14, input = ?15, output = ?16, cache_read = ?17, cache_write = ?18, reasoning = ?19, cost = ?20, estimated = ?21,
            first_token = ?22, error = ?23, label = ?24
        WHERE id = ?1
        """);

    private readonly Statement _updateFlags = new(connection, "UPDATE span SET flags = ?2 WHERE id = ?1");
    private readonly Statement _move = new(connection, "UPDATE span SET trace = ?2, parent = ?3 WHERE id = ?1");
    private readonly Statement _usage = new(connection, "SELECT input, output, cache_read, cache_write, reasoning, cost, estimated FROM span WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM span WHERE id = ?1");
    private readonly Statement _insertBody = new(connection, "INSERT OR REPLACE INTO body (span, rest, refs, origin, length) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement _body = new(connection, "SELECT refs, origin, length FROM body WHERE span = ?1");
    private readonly Statement _deleteBody = new(connection, "DELETE FROM body WHERE span = ?1");
    private readonly Statement _findMessage = new(connection, "SELECT id FROM message WHERE hash = ?1");
    private readonly Statement _insertMessage = new(connection, "INSERT INTO message (hash, data) VALUES (?1, ?2)");
    private readonly Statement _insertUse = new(connection, "INSERT OR IGNORE INTO span_message (message, span) VALUES (?1, ?2)");
    private readonly Statement _deleteUse = new(connection, "DELETE FROM span_message WHERE message = ?1 AND span = ?2");
    private readonly Statement _deleteUnused = new(connection, """
        DELETE FROM message WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM span_message WHERE message = ?1)
        """);

    private readonly Dictionary<UInt128, long> _messages = [];

    /// <summary>Writes a span, over the row that it has when <paramref name="id"/> is not zero. Returns the row's id.</summary>
    public long Write(long id, long trace, SpanRow span, SpanFlags flags)
    {
        Statement statement = id == 0 ? _insert : _update;
        if (id != 0)
        {
            ReleaseBody(id);
            statement.Bind(1, id);
        }

        statement.Bind(2, trace).Bind(3, span.Key).BindId(4, span.Parent).Bind(5, (long)span.Source).Bind(6, (long)flags).Bind(7, span.Kind).Bind(8, span.Name)
            .Bind(9, span.Start).Bind(10, span.End).Bind(11, span.IsError ? 2L : 0L).Bind(12, span.Model).Bind(13, span.Provider).Bind(14, span.Tool)
            .Bind(15, span.Input).Bind(16, span.Output).Bind(17, span.CacheRead).Bind(18, span.CacheWrite).Bind(19, span.Reasoning).Bind(20, span.Cost)
            .Bind(21, span.CostIsEstimated ? 1L : 0L).Bind(22, span.FirstToken).Bind(23, span.Error).Bind(24, span.Label).Run();
        if (id == 0)
            id = _insert.InsertedId;
        if (span.Body is { } body)
            WriteBody(id, body, span.Origin);
        return id;
    }

    public void WriteFlags(long id, SpanFlags flags) => _updateFlags.Bind(1, id).Bind(2, (long)flags).Run();

    public void Move(long id, long trace, UInt128 parent) => _move.Bind(1, id).Bind(2, trace).BindId(3, parent).Run();

    /// <summary>Returns the tokens and the cost of a span, as sums.</summary>
    public Sums Usage(long id)
    {
        _usage.Bind(1, id);
        Sums sums = default;
        if (_usage.Step())
        {
            double? cost = _usage.DoubleOrNull(5);
            sums = new()
            {
                Input = _usage.Long(0),
                Output = _usage.Long(1),
                CacheRead = _usage.Long(2),
                CacheWrite = _usage.Long(3),
                Reasoning = _usage.Long(4),
                Cost = cost ?? 0,
                Estimated = cost is not null ? _usage.Long(6) : 0,
                Unpriced = cost is null ? 1 : 0,
            };
        }

        _usage.Reset();
        return sums;
    }

    /// <summary>Deletes a span with its bytes, and the messages that no other span has. Returns how many bytes it had.</summary>
    public long Delete(long id)
    {
        long length = ReleaseBody(id);
        _deleteBody.Bind(1, id).Run();
        _delete.Bind(1, id).Run();
        return length;
    }

    public void Forget() => _messages.Clear();

    public void Dispose()
    {
        Statement[] all = [_insert, _update, _updateFlags, _move, _usage, _delete, _insertBody, _body, _deleteBody, _findMessage, _insertMessage, _insertUse, _deleteUse, _deleteUnused];
        foreach (Statement statement in all)
            statement.Dispose();
    }

    private void WriteBody(long id, FoldedBody body, Chunk origin)
    {
        long originId = MessageId(origin);
        Use(originId, id);
        long[] ids = new long[body.Chunks.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = MessageId(body.Chunks[i]);
            Use(ids[i], id);
        }

        _insertBody.Bind(1, id).Bind(2, body.Rest).Bind(3, FoldedBody.WriteReferences(body.Chunks, ids)).Bind(4, originId).Bind(5, (long)body.Length).Run();
    }

    private void Use(long message, long span) => _insertUse.Bind(1, message).Bind(2, span).Run();

    private long MessageId(Chunk chunk)
    {
        if (_messages.TryGetValue(chunk.Hash, out long known))
            return known;

        long id;
        if (_findMessage.Bind(1, chunk.Hash).RunForNumber() is { } stored)
        {
            id = stored;
        }
        else
        {
            _insertMessage.Bind(1, chunk.Hash).Bind(2, Packing.Pack(chunk.Bytes)).Run();
            id = _insertMessage.InsertedId;
        }

        if (_messages.Count >= MostHashes)
            _messages.Clear();
        return _messages[chunk.Hash] = id;
    }

    private long ReleaseBody(long id)
    {
        _body.Bind(1, id);
        if (!_body.Step())
        {
            _body.Reset();
            return 0;
        }

        List<(int Offset, long Id)> references = FoldedBody.ReadReferences(_body.Blob(0));
        references.Add((0, _body.Long(1)));
        long length = _body.Long(2);
        _body.Reset();
        foreach (long message in references.Select(static reference => reference.Id).Distinct())
        {
            _deleteUse.Bind(1, message).Bind(2, id).Run();
            _deleteUnused.Bind(1, message).Run();
            if (_deleteUnused.Changes > 0)
                _messages.Clear();
        }

        return length;
    }
}
