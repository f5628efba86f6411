using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Commands;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>A trace as it was received, for any other receiver of OTLP.</summary>
internal static class OtlpApi
{
    public static void Map(IEndpointRouteBuilder routes, Store store) => routes.MapGet("/api/traces/{id}/otlp", async context =>
    {
        using SqliteConnection connection = store.OpenReader();
        if (!Ids.TryParse(context.Route("id"), out UInt128 id) || TraceList.Find(connection, id) is null)
        {
            await Answers.NotFoundAsync(context, "trace");
            return;
        }

        using StringWriter text = new() { NewLine = "\n" };
        ExportCommand.Write(connection, [id], text);
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteAsync(text.ToString());
    });
}
