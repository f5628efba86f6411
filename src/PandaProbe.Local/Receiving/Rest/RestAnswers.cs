using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving.Rest;

/// <summary>A request that PandaProbe's API would refuse, and how.</summary>
internal sealed class RestException(int status, params string[] problems) : Exception(string.Join("; ", problems))
{
    public int Status => status;

    public IReadOnlyList<string> Problems => problems;
}

/// <summary>Reads requests and writes answers in the form of PandaProbe's API.</summary>
internal static class RestAnswers
{
    private const int Deepest = 512;

    private static readonly JsonWriterOptions Options = new() { MaxDepth = Deepest + 10 };

    public static async Task HandleAsync(HttpContext context, Func<HttpContext, Task> handle)
    {
        try
        {
            // Any key will do: there is one user, who is on this machine.
            if (context.Request.Headers["X-API-Key"].ToString().Length == 0 && context.Request.Headers.Authorization.ToString().Length == 0)
                throw new RestException(StatusCodes.Status401Unauthorized, "Authentication required: send X-API-Key, with any value.");

            await handle(context);
        }
        catch (RestException exception) when (exception.Status == StatusCodes.Status422UnprocessableEntity)
        {
            JsonArray details = new(
                [.. exception.Problems.Select(
                    static problem => new JsonObject { ["loc"] = new JsonArray("body"), ["msg"] = problem, ["type"] = "value_error" })]);
            await WriteAsync(context, exception.Status, new JsonObject { ["detail"] = details });
        }
        catch (RestException exception)
        {
            await WriteAsync(context, exception.Status, new JsonObject { ["detail"] = exception.Message });
        }
        catch (BodyTooLargeException exception)
        {
            await WriteAsync(context, StatusCodes.Status413PayloadTooLarge, new JsonObject { ["detail"] = exception.Message });
        }
        catch (InvalidDataException exception)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, new JsonObject { ["detail"] = exception.Message });
        }
        catch (Exception exception) when (exception is StoreBusyException or SqliteException)
        {
            context.Response.Headers.RetryAfter = "1";
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new JsonObject { ["detail"] = exception.Message });
        }
    }

    /// <summary>Reads a body and checks it against the contract.</summary>
    public static async Task<(JsonElement Document, int Size)> ReadAsync(HttpContext context, string schema, bool isList = false)
    {
        using Body body = await Body.ReadAsync(context.Request, context.RequestAborted);
        JsonElement document;
        try
        {
            document = JsonElement.Parse(body.Span, new() { MaxDepth = Deepest });
        }
        catch (JsonException exception)
        {
            throw new RestException(StatusCodes.Status422UnprocessableEntity, "not JSON: " + exception.Message);
        }

        if (isList != (document.ValueKind == JsonValueKind.Array))
            throw new RestException(StatusCodes.Status422UnprocessableEntity, isList ? "not a list" : "not an object");

        List<string> problems = [];
        foreach (JsonElement item in isList ? document.EnumerateArray() : Enumerable.Repeat(document, 1))
            problems.AddRange(Schema.Check(item, schema, overlookUnknown: true));
        if (problems.Count > 0)
            throw new RestException(StatusCodes.Status422UnprocessableEntity, [.. problems.Take(20)]);
        return (document, body.Length);
    }

    public static async Task WriteAsync(HttpContext context, int status, JsonNode answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using MemoryStream text = new();
        await using (Utf8JsonWriter json = new(text, Options))
            answer.WriteTo(json);
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length));
    }
}
