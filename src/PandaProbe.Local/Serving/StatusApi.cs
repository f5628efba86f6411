using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>What the viewer says about itself, and how it is stopped.</summary>
internal static class StatusApi
{
    public const string SecretHeader = "X-PandaProbe-Local-Secret";

    public static void Map(IEndpointRouteBuilder routes, Store store, string secret, Action stop)
    {
        routes.MapGet("/api/status", context => Answers.WriteAsync(context, Read(store), ApiJson.Default.StatusAnswer));
        routes.MapPost("/api/stop", context =>
        {
            // The secret is in a file that only the owner can read.
            byte[] given = Encoding.UTF8.GetBytes(context.Request.Headers[SecretHeader].ToString());
            if (!CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(secret)))
                return Answers.FailAsync(context, StatusCodes.Status403Forbidden, "Only `pandaprobe-local stop` ends the viewer.");

            stop();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
    }

    private static StatusAnswer Read(Store store)
    {
        using SqliteConnection connection = store.OpenReader();
        long pageSize = Schema.Number(connection, "PRAGMA page_size");
        long used = (Schema.Number(connection, "PRAGMA page_count") - Schema.Number(connection, "PRAGMA freelist_count")) * pageSize;
        return new(
            typeof(StatusApi).Assembly.GetName().Version?.ToString(3) ?? "0",
            store.Path,
            store.Options.Run,
            Schema.Number(connection, "SELECT count(*) FROM trace"),
            Schema.Number(connection, "SELECT count(*) FROM session"),
            used,
            store.Options.KeepBytes,
            store.Options.KeepAge?.TotalDays,
            Schema.Number(connection, $"SELECT value FROM fact WHERE name = '{Retention.DeletedTraces}'"),
            Schema.Number(connection, $"SELECT value FROM fact WHERE name = '{Retention.DeletedSpans}'"));
    }
}

/// <summary>The answer of <c>GET /api/status</c>.</summary>
internal sealed record StatusAnswer(
    string Version,
    string Store,
    string? Run,
    long Traces,
    long Sessions,
    long UsedBytes,
    long KeepBytes,
    double? KeepDays,
    long DeletedTraces,
    long DeletedSpans);
