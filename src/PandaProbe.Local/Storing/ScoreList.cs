using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>The scores of traces.</summary>
internal static class ScoreList
{
    private const string Select = "SELECT score_id, trace_id, span, name, type, value, source, reason, created FROM score";

    public static List<ScoreItem> Of(SqliteConnection connection, UInt128 trace)
    {
        using Statement rows = new Query(Select).And("trace_id = ?", trace).Prepare(connection, "ORDER BY id");
        return Read(rows);
    }

    public static ScoreItem? Find(SqliteConnection connection, UInt128 id)
    {
        using Statement rows = new Query(Select).And("score_id = ?", id).Prepare(connection, "");
        return Read(rows).FirstOrDefault();
    }

    public static List<TraceItem> AddTo(SqliteConnection connection, List<TraceItem> traces)
    {
        using Statement rows = new(connection, Select + " WHERE trace_id = ?1 ORDER BY id");
        for (int i = 0; i < traces.Count; i++)
        {
            rows.Bind(1, Ids.Parse(traces[i].Id));
            if (Read(rows) is { Count: > 0 } scores)
                traces[i] = traces[i] with { Scores = scores };
            rows.Reset();
        }

        return traces;
    }

    private static List<ScoreItem> Read(Statement rows)
    {
        List<ScoreItem> scores = [];
        while (rows.Step())
        {
            scores.Add(new(
                Ids.ToGuid(rows.Id(0)).ToString(), Ids.Hex(rows.Id(1)), rows.IsNull(2) ? null : Ids.Hex(rows.Id(2)), rows.Text(3)!,
                rows.Text(4)!, rows.Text(5)!,
                rows.Text(6)!, rows.Text(7), rows.Long(8)));
        }

        return scores;
    }
}
