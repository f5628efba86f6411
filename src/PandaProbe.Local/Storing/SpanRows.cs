using System.Buffers;
using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>Reads and writes the rows of spans with their bytes, and the messages that they share.</summary>
internal sealed class SpanRows(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(connection, """
        INSERT INTO span (trace, key, parent, source, flags, kind, name, start, end, status, model, provider, tool, input, output, cache_read, cache_write, reasoning,
            cost, estimated, first_token, error, label, arguments)
        VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        """);

    private readonly Statement _update = new(connection, """
        UPDATE span SET trace = ?2, key = ?3, parent = ?4, source = ?5, flags = ?6, kind = ?7, name = ?8, start = ?9, end = ?10, status = ?11, model = ?12,
            provider = ?13, tool = ?14, input = ?15, output = ?16, cache_read = ?17, cache_write = ?18, reasoning = ?19, cost = ?20, estimated = ?21,
            first_token = ?22, error = ?23, label = ?24, arguments = ?25
        WHERE id = ?1
        """);

    private readonly Statement _updateFlags = new(connection, "UPDATE span SET flags = ?2 WHERE id = ?1");
    private readonly Statement _move = new(connection, "UPDATE span SET trace = ?2, parent = ?3 WHERE id = ?1");
    private readonly Statement _usage = new(
        connection, "SELECT input, output, cache_read, cache_write, reasoning, cost, estimated FROM span WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM span WHERE id = ?1");
    private readonly Statement _insertBody = new(
        connection, "INSERT OR REPLACE INTO body (span, rest, refs, origin, length) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement _deleteBody = new(connection, "DELETE FROM body WHERE span = ?1");
    private readonly Statement _insertMessage = new(
        connection, "INSERT INTO message (hash, first_span, last_trace, data) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement _useMessage = new(connection, "UPDATE message SET last_trace = ?2 WHERE id = ?1 AND last_trace < ?2");
    private readonly Statement _deleteMessages = new(connection, "DELETE FROM message WHERE last_trace <= ?1");

    private readonly Statement _moveMessages = new(connection, "UPDATE message SET last_trace = ?2 WHERE last_trace = ?1");
    private readonly KnownMessages _messages = new(connection);

    /// <summary>Writes a span, over the row that it has when <paramref name="id"/> is not zero. Returns the row's id.</summary>
    public long Write(long id, long trace, SpanRow span, SpanFlags flags)
    {
        Statement statement = id == 0 ? _insert : _update;
        if (id != 0)
            statement.Bind(1, id);

        statement.Bind(2, trace).Bind(3, span.Key).BindId(4, span.Parent).Bind(5, (long)span.Source).Bind(6, (long)flags).Bind(7, span.Kind)
            .Bind(8, span.Name)
            .Bind(9, span.Start).Bind(10, span.End).Bind(11, span.IsError ? 2L : 0L).Bind(12, span.Model).Bind(13, span.Provider)
            .Bind(14, span.Tool)
            .Bind(15, span.Input).Bind(16, span.Output).Bind(17, span.CacheRead).Bind(18, span.CacheWrite).Bind(19, span.Reasoning)
            .Bind(20, span.Cost)
            .Bind(21, span.CostIsEstimated ? 1L : 0L).Bind(22, span.FirstToken).Bind(23, span.Error).Bind(24, span.Label)
            .Bind(25, span.Arguments).Run();
        if (id == 0)
            id = _insert.InsertedId;
        if (span.Body is { } body)
            WriteBody(id, trace, body, span.Origin);
        return id;
    }

    public void WriteFlags(long id, SpanFlags flags) => _updateFlags.Bind(1, id).Bind(2, (long)flags).Run();

    public void Move(long id, long trace, UInt128 parent) => _move.Bind(1, id).Bind(2, trace).BindId(3, parent).Run();

    /// <summary>Returns the tokens and the cost of a stored span, as sums.</summary>
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

    public void Delete(long id)
    {
        _deleteBody.Bind(1, id).Run();
        _delete.Bind(1, id).Run();
    }

    /// <summary>
    /// Deletes the messages that only traces up to this one had. Traces are deleted in the order of their ids, so no other has them.
    /// </summary>
    public void DeleteMessagesUpTo(long trace)
    {
        _deleteMessages.Bind(1, trace).Run();
        _messages.DeletedUpTo(trace);
    }

    /// <summary>Keeps the messages of a trace that becomes a part of a later one.</summary>
    public void MoveMessages(long from, long to)
    {
        if (to > from)
            _moveMessages.Bind(1, from).Bind(2, to).Run();
        _messages.Forget();
    }

    public void Forget() => _messages.Forget();

    public void Dispose()
    {
        Statement[] all = [_insert, _update, _updateFlags, _move, _usage, _delete, _insertBody, _deleteBody, _insertMessage, _useMessage,
            _deleteMessages, _moveMessages];
        foreach (Statement statement in all)
            statement.Dispose();
    }

    private void WriteBody(long id, long trace, FoldedBody body, Chunk origin)
    {
        long originId = MessageId(origin, id, trace);
        long[] ids = new long[body.Chunks.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = MessageId(body.Chunks[i], id, trace);
        _insertBody.Bind(1, id).Bind(2, body.Rest).Bind(3, FoldedBody.WriteReferences(body.Chunks, ids)).Bind(4, originId)
            .Bind(5, (long)body.Length).Run();
    }

    /// <summary>
    /// Returns the id of a message, which is written when it is new. A message is kept as long as the last trace that has it.
    /// </summary>
    private long MessageId(Chunk chunk, long span, long trace)
    {
        if (_messages.Find(chunk.Hash) is var (id, lastTrace))
        {
            if (lastTrace < trace)
            {
                _useMessage.Bind(1, id).Bind(2, trace).Run();
                _messages.Keep(chunk.Hash, id, trace);
            }

            return id;
        }

        byte[] draft = ArrayPool<byte>.Shared.Rent(chunk.Bytes.Length + 1);
        _insertMessage.Bind(1, chunk.Hash).Bind(2, span).Bind(3, trace).Bind(4, Packing.Pack(chunk.Bytes.Span, draft)).Run();
        ArrayPool<byte>.Shared.Return(draft);
        long inserted = _insertMessage.InsertedId;
        _messages.Keep(chunk.Hash, inserted, trace);
        return inserted;
    }
}
