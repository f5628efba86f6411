using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PandaProbe.Diagnostics;

namespace PandaProbe;

/// <summary>
/// Says where in a request its session and its user are. Nothing is read but what is named here: a header or a cookie can hold anything a client likes, so name one
/// only if it is yours. Of several places, the first that holds a usable text wins.
/// </summary>
/// <example>
/// <code>
/// app.UsePandaProbe(request => request.SessionFromHeader("X-Session-Id").UserFromClaim("sub"));
/// </code>
/// </example>
public sealed class ProbeRequestMap
{
    private readonly List<Func<HttpContext, string?>> _sessions = [];
    private readonly List<Func<HttpContext, string?>> _users = [];

    internal ProbeRequestMap()
    {
    }

    /// <summary>How long an identifier may be: a longer one is not used, since cut short it might be somebody else's. By default 255 characters, PandaProbe's own limit.</summary>
    public int MaxLength { get; set; } = 255;

    /// <summary>The session is in a header.</summary>
    public ProbeRequestMap SessionFromHeader(string name) => Add(_sessions, Header(name));

    /// <summary>The session is in a cookie.</summary>
    public ProbeRequestMap SessionFromCookie(string name) => Add(_sessions, Cookie(name));

    /// <summary>The session is a claim of the authenticated user. Use the middleware after authentication.</summary>
    public ProbeRequestMap SessionFromClaim(string type) => Add(_sessions, Claim(type));

    /// <summary>The session is wherever your code finds it.</summary>
    public ProbeRequestMap SessionFrom(Func<HttpContext, string?> session) => Add(_sessions, session);

    /// <summary>The user is in a header. Only behind a proxy that sets it itself.</summary>
    public ProbeRequestMap UserFromHeader(string name) => Add(_users, Header(name));

    /// <summary>The user is in a cookie.</summary>
    public ProbeRequestMap UserFromCookie(string name) => Add(_users, Cookie(name));

    /// <summary>The user is a claim of the authenticated user, such as <c>sub</c>. Use the middleware after authentication.</summary>
    public ProbeRequestMap UserFromClaim(string type) => Add(_users, Claim(type));

    /// <summary>The user is wherever your code finds it.</summary>
    public ProbeRequestMap UserFrom(Func<HttpContext, string?> user) => Add(_users, user);

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

    // A place that cannot be read takes neither the next ones nor the other identifier with it.
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

        // Sent twice it is not clear which one is meant.
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
        return context => context.User.Identities.Where(identity => identity.IsAuthenticated).Select(identity => identity.FindFirst(type)?.Value).FirstOrDefault(value => value is not null);
    }
}
