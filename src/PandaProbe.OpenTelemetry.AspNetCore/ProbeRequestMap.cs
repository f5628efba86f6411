using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PandaProbe.Context;
using PandaProbe.Diagnostics;

namespace PandaProbe;

/// <summary>
/// Names the places of session and user in a request. Nothing else of the request is read. Clients control headers and cookies: name only
/// those that your own code or proxy sets. If several places are named, the first one with a usable value wins.
/// </summary>
/// <example>
/// <code>
/// app.UsePandaProbe(request => request.SessionFromHeader("X-Session-Id").UserFromClaim("sub"));
/// </code>
/// </example>
public sealed class ProbeRequestMap
{
    private const int MostTags = 64;

    private readonly List<Func<HttpContext, string?>> _sessions = [];
    private readonly List<Func<HttpContext, string?>> _users = [];
    private Func<HttpContext, bool>? _isTrusted;

    internal ProbeRequestMap()
    {
    }

    /// <summary>
    /// Gets or sets the maximum length of an identifier, in characters. Longer ones are ignored, because a truncated one could equal
    /// another user's. The default is 255, PandaProbe's own limit.
    /// </summary>
    public int MaxLength { get; set; } = 255;

    /// <summary>Reads the session from a header.</summary>
    public ProbeRequestMap SessionFromHeader(string name) => Add(_sessions, Header(name));

    /// <summary>Reads the session from a cookie.</summary>
    public ProbeRequestMap SessionFromCookie(string name) => Add(_sessions, Cookie(name));

    /// <summary>Reads the session from a claim of the authenticated user. Add the middleware after authentication.</summary>
    public ProbeRequestMap SessionFromClaim(string type) => Add(_sessions, Claim(type));

    /// <summary>Reads the session with your function. <see langword="null"/> from it means no session.</summary>
    public ProbeRequestMap SessionFrom(Func<HttpContext, string?> session) => Add(_sessions, session);

    /// <summary>Reads the user from a header. Use this only behind a proxy that sets the header itself.</summary>
    public ProbeRequestMap UserFromHeader(string name) => Add(_users, Header(name));

    /// <summary>Reads the user from a cookie.</summary>
    public ProbeRequestMap UserFromCookie(string name) => Add(_users, Cookie(name));

    /// <summary>
    /// Reads the user from a claim of the authenticated user, such as <c>sub</c>. Add the middleware after authentication.
    /// </summary>
    public ProbeRequestMap UserFromClaim(string type) => Add(_users, Claim(type));

    /// <summary>Reads the user with your function. <see langword="null"/> from it means no user.</summary>
    public ProbeRequestMap UserFrom(Func<HttpContext, string?> user) => Add(_users, user);

    /// <summary>
    /// Takes session, user and tags from the header <c>baggage</c> of requests whose sender you trust, as
    /// <see cref="PandaProbeOptions.Propagation"/> of another process sends them. Other places of the map win over it.
    /// </summary>
    /// <param name="isTrusted">Returns whether the sender of a request may say for whom it calls, for example by its certificate or the
    /// address of its network. Anybody can send the header.</param>
    /// <example>
    /// <code>
    /// app.UsePandaProbe(request => request.FromBaggage(context => context.Connection.ClientCertificate is not null));
    /// </code>
    /// </example>
    public ProbeRequestMap FromBaggage(Func<HttpContext, bool> isTrusted)
    {
        ArgumentNullException.ThrowIfNull(isTrusted);
        _isTrusted = isTrusted;
        return this;
    }

    internal (string? Session, string? User, string[]? Tags) Received(HttpContext context)
    {
        try
        {
            return _isTrusted?.Invoke(context) == true
                ? PropagatedContext.Read(string.Join(',', context.Request.Headers.Baggage.ToArray()), MaxLength, MostTags) : default;
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("map request", exception);
            return default;
        }
    }

    internal string? Session(HttpContext context) => First(_sessions, context);

    internal string? User(HttpContext context) => First(_users, context);

    private ProbeRequestMap Add(List<Func<HttpContext, string?>> places, Func<HttpContext, string?> place)
    {
        ArgumentNullException.ThrowIfNull(place);
        places.Add(place);
        return this;
    }

    private string? First(List<Func<HttpContext, string?>> places, HttpContext context)
    {
        foreach (Func<HttpContext, string?> place in places)
        {
            string? text = Read(place, context)?.Trim();
            if (!string.IsNullOrEmpty(text) && text.Length <= MaxLength && !text.Any(char.IsControl))
                return text;
        }

        return null;
    }

    // An exception in one place must not prevent reading the others.
    private static string? Read(Func<HttpContext, string?> place, HttpContext context)
    {
        try
        {
            return place(context);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("map request", exception);
            return null;
        }
    }

    private static Func<HttpContext, string?> Header(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        // If the header was sent twice, its meaning is ambiguous.
        return context => context.Request.Headers.TryGetValue(name, out StringValues values) && values.Count == 1 ? values[0] : null;
    }

    private static Func<HttpContext, string?> Cookie(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return context => context.Request.Cookies[name];
    }

    private static Func<HttpContext, string?> Claim(string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        return context => context.User.Identities.Where(identity => identity.IsAuthenticated)
            .Select(identity => identity.FindFirst(type)?.Value).FirstOrDefault(value => value is not null);
    }
}
