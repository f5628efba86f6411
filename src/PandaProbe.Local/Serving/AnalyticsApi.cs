using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Sums of groups of traces, or of calls and tools.</summary>
internal static class AnalyticsApi
{
    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/analytics", context =>
    {
        using SqliteConnection connection = store.OpenReader();
        string by = context.Text("by") ?? "model";
        return Analytics.Read(connection, by, ListApi.Filter(context)) is { } groups
            ? Answers.WriteAsync(context, new Groups(by, groups), ApiJson.Default.Groups)
            : Answers.FailAsync(context, StatusCodes.Status400BadRequest, "by is one of all, model, tool, user, run, name, session, day.");
    });
}

/// <summary>The answer of <c>GET /api/analytics</c>.</summary>
internal sealed record Groups(string By, IReadOnlyList<GroupItem> Items);
