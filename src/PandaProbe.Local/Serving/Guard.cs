using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Keeps web pages of others away from the traces. A page can make its visitor's browser send requests to this machine, and can give its
/// own name the address of this machine (DNS rebinding); the headers Host and Origin tell. Beyond loopback a token is needed.
/// </summary>
internal sealed class Guard(IPAddress? listen, string? token)
{
    private const string Cookie = "pandaprobe_local";

    private readonly byte[]? _token = token is null ? null : Encoding.UTF8.GetBytes(token);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Frame-Options"] = "DENY";

        HttpRequest request = context.Request;
        if (!IsOurs(request.Host.Host))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden,
                $"The host '{request.Host.Host}' is not this viewer. Use localhost.");
        }
        else if (request.Headers.Origin is { Count: > 0 } origin && !IsSameOrigin(origin.ToString(), request.Host))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Requests of other web pages are refused.");
        }
        else if (_token is not null && context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote)
            && !HasToken(context))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized,
                "Beyond this machine the viewer asks for its token: Authorization: Bearer …");
        }
        else
        {
            await next(context);
        }
    }

    private bool IsOurs(string host)
    {
        if (host is "localhost" or "[::1]" or "127.0.0.1" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (listen is null || IPAddress.IsLoopback(listen))
            return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address);

        // A name of another machine can point here as well, but its pages do not have the token.
        return true;
    }

    private static bool IsSameOrigin(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Scheme is "http" or "https"
        && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    private bool HasToken(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsToken(header[7..].Trim()))
            return true;
        if (IsToken(context.Request.Headers["X-API-Key"].ToString())
            || (context.Request.Cookies.TryGetValue(Cookie, out string? kept) && IsToken(kept)))
        {
            return true;
        }

        if (!IsToken(context.Request.Query["token"].ToString()))
            return false;

        context.Response.Cookies.Append(
            Cookie, context.Request.Query["token"].ToString(), new() { HttpOnly = true, SameSite = SameSiteMode.Strict });
        return true;
    }

    private bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);

    private static async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(reason);
    }
}
