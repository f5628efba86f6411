using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Scores that are given in the pages.</summary>
internal static class ScoreApi
{
    private const int LongestName = 255;

    public static void Map(IEndpointRouteBuilder routes, Store store)
    {
        routes.MapPost("/api/scores", context => PostAsync(context, store));
        routes.MapDelete("/api/scores/{id}", async context =>
        {
            if (!Ids.TryParse(context.Route("id"), out UInt128 id))
            {
                await Answers.NotFoundAsync(context, "score");
                return;
            }

            await store.WriteAsync(new() { DeletedScores = [id] });
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    private static async Task PostAsync(HttpContext context, Store store)
    {
        ScoreRequest? request;
        try
        {
            using Body body = await Body.ReadAsync(context.Request, context.RequestAborted);
            request = JsonSerializer.Deserialize(body.Span, ApiJson.Default.ScoreRequest);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or BodyTooLargeException)
        {
            await Answers.FailAsync(context, StatusCodes.Status400BadRequest, exception.Message);
            return;
        }

        if (request is null || !Ids.TryParse(request.Trace, out UInt128 trace) || request.Name is not { Length: > 0 and <= LongestName }
            || request.Value is not { Length: <= LongestName } || request.Type is not ("NUMERIC" or "BOOLEAN" or "CATEGORICAL"))
        {
            await Answers.FailAsync(
                context, StatusCodes.Status400BadRequest,
                "A score has a trace, a name, a type (NUMERIC, BOOLEAN, CATEGORICAL) and a value, both of at most 255 characters.");
            return;
        }

        ScoreRow score = new()
        {
            Id = Ids.FromGuid(Guid.NewGuid()),
            Trace = trace,
            Span = Ids.TryParse(request.Span, out UInt128 span) ? span : default,
            Name = request.Name,
            Type = request.Type,
            Value = request.Value,
            Source = "ANNOTATION",
            Reason = request.Reason,
        };
        await store.WriteAsync(new() { Scores = [score] });
        using SqliteConnection connection = store.OpenReader();
        context.Response.StatusCode = StatusCodes.Status201Created;
        await Answers.WriteAsync(context, ScoreList.Find(connection, score.Id)!, ApiJson.Default.ScoreItem);
    }
}

/// <summary>The body of <c>POST /api/scores</c>.</summary>
internal sealed record ScoreRequest(string? Trace, string? Span, string? Name, string? Type, string? Value, string? Reason);
