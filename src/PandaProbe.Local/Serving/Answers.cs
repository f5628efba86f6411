using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Local.Serving;

/// <summary>Writes answers of the JSON API.</summary>
internal static class Answers
{
    public static async Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    /// <summary>Writes JSON that is made already.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    public static Task FailAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ErrorAnswer(reason), ApiJson.Default.ErrorAnswer);
    }

    public static Task NotFoundAsync(HttpContext context, string what) =>
        FailAsync(context, StatusCodes.Status404NotFound, $"There is no such {what}.");

    /// <summary>Answers 304 when the client has this version already.</summary>
    public static bool IsKnown(HttpContext context, string tag)
    {
        string etag = $"\"{tag}\"";
        context.Response.Headers.ETag = etag;
        if (context.Request.Headers.IfNoneMatch.ToString() != etag)
            return false;

        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }
}

/// <summary>The answer when there is no other.</summary>
internal sealed record ErrorAnswer(string Error);
