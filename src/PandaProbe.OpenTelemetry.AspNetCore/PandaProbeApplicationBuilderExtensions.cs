using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PandaProbe;
using PandaProbe.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds PandaProbe to the requests of an ASP.NET Core application.</summary>
public static class PandaProbeApplicationBuilderExtensions
{
    /// <summary>
    /// Sets the session and the user of a request on everything recorded during the request. If it reads a claim, add it after
    /// authentication.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="map">Names the places of session and user in the request. Nothing else of the request is read.</param>
    /// <returns>The same application.</returns>
    /// <example>
    /// <code>
    /// app.UsePandaProbe(request => request.SessionFromHeader("X-Session-Id").UserFromClaim("sub"));
    /// </code>
    /// </example>
    public static IApplicationBuilder UsePandaProbe(this IApplicationBuilder app, Action<ProbeRequestMap> map)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(map);
        ProbeRequestMap requests = new();
        map(requests);
        return app.Use(next => new ProbeRequestMiddleware(next, requests).InvokeAsync);
    }

    /// <summary>
    /// Maps an endpoint that counts tokens. <c>POST</c> of <c>{"prompt": "Hello world!", "model": "gpt-4o"}</c> returns
    /// <c>{"tokens":3,"method":"tiktoken"}</c>. The prompt is a string or a list of chat messages. If
    /// <see cref="PandaProbeOptions.TokenCounter"/> is set, it counts the prompts of text only. Errors are problem details. The endpoint
    /// has no authorization: add it to the returned builder.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route. The default is <c>/v1/token-counting/count</c>.</param>
    /// <param name="maxBodySize">The maximum size of a request in bytes. The default is 1 MiB. The server's own limit applies too (Kestrel:
    /// 30,000,000).</param>
    /// <returns>The endpoint's convention builder.</returns>
    public static IEndpointConventionBuilder MapTokenCounting(
        this IEndpointRouteBuilder endpoints, string pattern = "/v1/token-counting/count", int maxBodySize = 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBodySize);
        TokenCountingEndpoint endpoint = new(maxBodySize);
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync);
    }

    /// <summary>
    /// Maps an endpoint that scans a prompt. <c>POST</c> of <c>{"prompt": "Write to jane@example.com"}</c> returns
    /// <c>{"pii_detected":true,"injection_attempt":false}</c>. The prompt is a string or a list of chat messages; messages of the roles
    /// <c>system</c>, <c>developer</c> and <c>assistant</c> are no injection. Secrets count as personal data. Errors are problem details.
    /// The endpoint has no authorization: add it to the returned builder.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route. The default is <c>/v1/pii-injection/scan</c>.</param>
    /// <param name="maxBodySize">The maximum size of a request in bytes. The default is 1 MiB. The server's own limit applies too (Kestrel:
    /// 30,000,000).</param>
    /// <returns>The endpoint's convention builder.</returns>
    public static IEndpointConventionBuilder MapContentScan(
        this IEndpointRouteBuilder endpoints, string pattern = "/v1/pii-injection/scan", int maxBodySize = 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBodySize);
        ContentScanEndpoint endpoint = new(maxBodySize);
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync);
    }
}
