using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving.Rest;

/// <summary>Writes scores in the form of PandaProbe's API.</summary>
internal static class RestScores
{
    private const string Select = """
        SELECT score_id, trace_id, name, type, value, source, reason, metadata, environment, author, created, updated FROM score
        """;

    public static JsonObject? Find(SqliteConnection connection, UInt128 id)
    {
        using Statement row = new Query(Select).And("score_id = ?", id).Prepare(connection, "");
        return row.Step() ? Score(row) : null;
    }

    public static JsonObject Page(SqliteConnection connection, Func<Query, Query> filter, int limit, int offset)
    {
        using Statement count = filter(new("SELECT count(*) FROM score")).Prepare(connection, "");
        long total = count.RunForNumber() ?? 0;
        JsonArray items = [];
        using Statement rows = filter(new(Select)).Prepare(connection, $"ORDER BY id DESC LIMIT {limit} OFFSET {offset}");
        while (rows.Step())
            items.Add(Score(rows));
        return new() { ["items"] = items, ["total"] = total, ["limit"] = limit, ["offset"] = offset };
    }

    private static JsonObject Score(Statement row) => new()
    {
        ["id"] = Ids.ToGuid(row.Id(0)).ToString(),
        ["trace_id"] = Ids.ToGuid(row.Id(1)).ToString(),
        ["name"] = row.Text(2),
        ["value"] = row.Text(4),
        ["status"] = "SUCCESS",
        ["source"] = row.Text(5),
        ["created_at"] = RestTraces.Time(row.Long(10)),
        ["project_id"] = RestTraces.Project,
        ["data_type"] = row.Text(3),
        ["eval_run_id"] = null,
        ["author_user_id"] = null,
        ["reason"] = row.Text(6),
        ["environment"] = row.Text(8),
        ["config_id"] = null,
        ["metadata"] = row.Text(7) is { } metadata ? JsonNode.Parse(metadata) : new JsonObject(),
        ["updated_at"] = RestTraces.Time(row.Long(11)),
    };
}
