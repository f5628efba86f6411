using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PandaProbe.Conventions;

namespace PandaProbe.AspNetCore;

/// <summary>Opens the session and the user of a request around the rest of its pipeline.</summary>
internal sealed class ProbeRequestMiddleware(RequestDelegate next, ProbeRequestMap map)
{
    public Task InvokeAsync(HttpContext context)
    {
        string? session = map.Session(context);
        string? user = map.User(context);
        return session is null && user is null ? next(context) : InvokeWithin(context, session, user);
    }

    private async Task InvokeWithin(HttpContext context, string? session, string? user)
    {
        Stamp(context.Features.Get<IHttpActivityFeature>()?.Activity, session, user);
        using AmbientScope sessionScope = session is null ? default : Probe.Session(session);
        using AmbientScope userScope = user is null ? default : Probe.User(user);
        await next(context).ConfigureAwait(false);
    }

    // The server's span started before the middleware, and some backends take the session from the root span.
    private static void Stamp(Activity? activity, string? session, string? user)
    {
        if (activity is not { IsAllDataRequested: true })
            return;

        if (session is not null)
        {
            activity.SetTag(General.SessionId, session);
            activity.SetTag(GenAI.Conversation.Id, session);
        }

        if (user is not null)
            activity.SetTag(General.UserId, user);
    }
}
