using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PandaProbe.AspNetCore;

namespace PandaProbe;

/// <summary>Adds PandaProbe to the requests of an ASP.NET Core application.</summary>
public static class PandaProbeApplicationExtensions
{
    /// <summary>
    /// Everything that is recorded while a request is handled belongs to the session and the user that you find in it. Put it after authentication if a claim is read.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="map">Says where session and user are. What is not named is not read.</param>
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
    /// Serves token counts: <c>POST</c> of <c>{"prompt": "Hello world!", "model": "gpt-4o"}</c>, where the prompt is a text or a list of chat messages, answers
    /// <c>{"tokens":3,"method":"tiktoken"}</c>. Where <see cref="PandaProbeOptions.TokenCounter"/> is set, it counts what is text only. Errors are problem details. It has no authorization of its own: add yours to what is returned.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where.</param>
    /// <param name="maxBodySize">How many bytes a request may have, where the server does not allow fewer (Kestrel by default 30,000,000); by default 1 MiB.</param>
    public static IEndpointConventionBuilder MapTokenCounting(
        this IEndpointRouteBuilder endpoints, string pattern = "/v1/token-counting/count", int maxBodySize = 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBodySize);
        TokenCountingEndpoint endpoint = new(maxBodySize);
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.HandleAsync);
    }
}
