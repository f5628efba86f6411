using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>Writes the rows of scores and logs.</summary>
internal sealed class OtherRows(SqliteConnection connection) : IDisposable
{
    private readonly Statement _score = new(connection, """
        INSERT INTO score (score_id, trace_id, span, name, type, value, source, reason, metadata, environment, author, created, updated)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (score_id) DO UPDATE SET name = ?4, type = ?5, value = ?6, source = ?7, reason = ?8, metadata = ?9, updated = ?13
        """);

    private readonly Statement _deleteScore = new(connection, "DELETE FROM score WHERE score_id = ?1 RETURNING trace_id");
    private readonly Statement _moveScores = new(connection, "UPDATE score SET trace_id = ?2 WHERE trace_id = ?1");
    private readonly Statement _deleteScores = new(connection, "DELETE FROM score WHERE trace_id = ?1");
    private readonly Statement _log = new(connection, """
        INSERT OR IGNORE INTO log (trace_id, span, time, severity, name, is_content, data, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    private readonly Statement _deleteLogs = new(connection, "DELETE FROM log WHERE trace_id = ?1");

    public void Write(ScoreRow score, long now)
    {
        long created = score.Created == 0 ? now : score.Created;
        _score.Bind(1, score.Id).Bind(2, score.Trace).BindId(3, score.Span).Bind(4, score.Name).Bind(5, score.Type).Bind(6, score.Value)
            .Bind(7, score.Source)
            .Bind(8, score.Reason).Bind(9, score.Metadata).Bind(10, score.Environment).Bind(11, score.Author).Bind(12, created)
            .Bind(13, now).Run();
    }

    /// <summary>Returns the trace that the score was about, or null when there is none.</summary>
    public UInt128? DeleteScore(UInt128 score)
    {
        _deleteScore.Bind(1, score);
        UInt128? trace = _deleteScore.Step() ? _deleteScore.Id(0) : null;
        _deleteScore.Reset();
        return trace;
    }

    public void MoveScores(UInt128 from, UInt128 to) => _moveScores.Bind(1, from).Bind(2, to).Run();

    public void Write(LogRow log) =>
        _log.BindId(1, log.Trace).BindId(2, log.Span).Bind(3, log.Time).Bind(4, (long)log.Severity).Bind(5, log.Name)
        .Bind(6, log.IsContent ? 1L : 0L).Bind(7, Packing.Pack(log.Data))
        .Bind(8, (long)(ulong)FoldedBody.HashOf(log.Data)).Run();

    public void DeleteOf(UInt128 trace)
    {
        _deleteScores.Bind(1, trace).Run();
        _deleteLogs.Bind(1, trace).Run();
    }

    public void Dispose()
    {
        _score.Dispose();
        _deleteScore.Dispose();
        _moveScores.Dispose();
        _deleteScores.Dispose();
        _log.Dispose();
        _deleteLogs.Dispose();
    }
}
