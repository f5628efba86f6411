using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PandaProbe;
using PandaProbe.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds PandaProbe to the requests of an ASP.NET Core application.</summary>
public static class PandaProbeApplicationBuilderExtensions
{
    /// <summary>
    /// Puts the session and the user of a request on everything that is recorded while it is handled. Put it after authentication if it reads a claim.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="map">Says where in the request session and user are. Nothing else of the request is read.</param>
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
    /// Maps an endpoint that counts tokens: <c>POST</c> of <c>{"prompt": "Hello world!", "model": "gpt-4o"}</c>, where the prompt is a text or a list of chat
    /// messages, answers <c>{"tokens":3,"method":"tiktoken"}</c>. <see cref="PandaProbeOptions.TokenCounter"/> counts prompts of text when it is set. Errors are
    /// problem details. The endpoint has no authorization: add yours to what is returned.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route. The default is <c>/v1/token-counting/count</c>.</param>
    /// <param name="maxBodySize">The number of bytes that a request may have, where the server does not allow fewer (Kestrel by default 30,000,000). The default is 1 MiB.</param>
    /// <returns>The endpoint, to add conventions to.</returns>
    public static IEndpointConventionBuilder MapTokenCounting(
        this IEndpointRouteBuilder endpoints, string pattern = "/v1/token-counting/count", int maxBodySize = 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBodySize);
        TokenCountingEndpoint endpoint = new(maxBodySize);
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync);
    }
}
