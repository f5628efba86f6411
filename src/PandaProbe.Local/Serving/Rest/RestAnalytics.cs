using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Receiving.Rest;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving.Rest;

/// <summary>Answers <c>GET /traces/analytics</c>.</summary>
internal static class RestAnalytics
{
    public static JsonArray Read(HttpContext context, SqliteConnection connection)
    {
        string metric = RestReads.OneOf(context, "metric", "volume", "errors", "latency", "cost", "tokens", "models") ?? "volume";
        long bucket = 3_600_000_000_000L * (
            RestReads.OneOf(context, "granularity", "hour", "day", "week") switch { "hour" => 1, "week" => 24 * 7, _ => 24 });
        long from = Times.Nanoseconds(RestReads.TimeOf(context, "started_after") ?? throw Missing("started_after"));
        long to = Times.Nanoseconds(RestReads.TimeOf(context, "started_before") ?? throw Missing("started_before"));
        return metric == "models" ? Models(connection, from, to) : Buckets(connection, from, to, bucket, metric is "cost" or "tokens");
    }

    private static RestException Missing(string name) => new(StatusCodes.Status422UnprocessableEntity, $"{name}: Field required");

    private static JsonArray Models(SqliteConnection connection, long from, long to)
    {
        JsonArray models = [];
        TraceFilter filter = new() { From = Times.Milliseconds(from), To = Times.Milliseconds(to) };
        foreach (GroupItem group in Analytics.Read(connection, "model", filter)!)
        {
            models.Add(new JsonObject
            {
                ["model"] = group.Name ?? "unknown",
                ["call_count"] = group.Count,
                ["total_tokens"] = group.Sums.InputTokens + group.Sums.OutputTokens,
                ["total_cost"] = group.Sums.Cost ?? 0,
            });
        }

        return models;
    }

    private static JsonArray Buckets(SqliteConnection connection, long from, long to, long size, bool ofTokens)
    {
        // Weeks begin on a Monday; 1970 began on a Thursday.
        long shift = size > 86_400_000_000_000 ? 3 * 86_400_000_000_000 : 0;
        using Statement rows = new(connection, """
            SELECT (start + ?4) / ?3, status = 'ERROR', end - start, input, output, cost FROM trace WHERE start >= ?1 AND start < ?2 ORDER BY 1
            """);
        rows.Bind(1, from).Bind(2, to).Bind(3, size).Bind(4, shift);
        JsonArray buckets = [];
        List<double> latencies = [];
        long current = -1, errors = 0, input = 0, output = 0;
        double cost = 0;
        while (rows.Step())
        {
            if (rows.Long(0) != current)
            {
                Flush();
                (current, errors, input, output, cost) = (rows.Long(0), 0, 0, 0, 0);
                latencies.Clear();
            }

            errors += rows.Long(1);
            latencies.Add(Times.Milliseconds(rows.Long(2)));
            input += rows.Long(3);
            output += rows.Long(4);
            cost += rows.Double(5);
        }

        Flush();
        return buckets;

        void Flush()
        {
            if (current < 0)
                return;

            latencies.Sort();
            string start = RestTraces.Time(Times.Milliseconds((current * size) - shift));
            buckets.Add(ofTokens
                ? new JsonObject
                {
                    ["bucket"] = start,
                    ["total_tokens"] = input + output,
                    ["prompt_tokens"] = input,
                    ["completion_tokens"] = output,
                    ["total_cost"] = cost
                }
                : new JsonObject
                {
                    ["bucket"] = start,
                    ["trace_count"] = latencies.Count,
                    ["error_count"] = errors,
                    ["avg_latency_ms"] = latencies.Average(),
                    ["p50_latency_ms"] = At(0.5),
                    ["p90_latency_ms"] = At(0.9),
                    ["p99_latency_ms"] = At(0.99),
                });
        }

        double At(double part) => latencies[Math.Min(latencies.Count - 1, (int)(latencies.Count * part))];
    }
}
