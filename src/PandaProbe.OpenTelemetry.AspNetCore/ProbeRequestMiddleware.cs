using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.AspNetCore;

/// <summary>Opens the session and the user of a request around the rest of its pipeline.</summary>
internal sealed class ProbeRequestMiddleware(RequestDelegate next, ProbeRequestMap map)
{
    public Task InvokeAsync(HttpContext context)
    {
        (string? session, string? user, string[]? tags) = map.Received(context);
        session = map.Session(context) ?? session;
        user = map.User(context) ?? user;
        return session is null && user is null && tags is null ? next(context) : InvokeWithin(context, session, user, tags);
    }

    private async Task InvokeWithin(HttpContext context, string? session, string? user, string[]? tags)
    {
        Stamp(context.Features.Get<IHttpActivityFeature>()?.Activity, session, user);
        var received = AmbientContext.PushReceived(session, user, tags);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            received.Pop();
        }
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
