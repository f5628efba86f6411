using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PandaProbe.Local.Mcp;

/// <summary>
/// The Model Context Protocol over HTTP. Each request has a server of its own: the tools only read, so there is no session to keep.
/// https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
/// </summary>
internal sealed class McpHttp(Func<McpServerOptions> makeOptions)
{
    private const long MaxMessage = 1 << 20;

    // Made with the first request: a viewer that nobody asks starts without it.
    private readonly Lazy<McpServerOptions> _options = new(makeOptions);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mcp", PostAsync);
        routes.MapMethods("/mcp", ["GET", "DELETE"], static context =>
        {
            // There is nothing that the server would say unasked, and no session to end.
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "POST";
            return Task.CompletedTask;
        });
    }

    private async Task PostAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } message)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("This is no message of JSON-RPC.", context.RequestAborted);
            return;
        }

        await using StreamableHttpServerTransport transport = new() { Stateless = true };
        await using var server = McpServer.Create(transport, _options.Value);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task running = server.RunAsync(ending.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        bool isAnswered = await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted);
        if (!isAnswered)
        {
            context.Response.Headers.ContentType = default;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await ending.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxMessage;
        try
        {
            var type = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
