using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Transport;

/// <summary>
/// Keeps the key from following a redirect in a handler that the application made: the handlers of .NET take every header but Authorization
/// along. Switches redirects off where the handler allows it.
/// </summary>
internal sealed class RedirectGuard
{
    private readonly Uri _endpoint;
    private readonly bool _isUnknown;

    public RedirectGuard(HttpMessageHandler? given, Uri endpoint)
    {
        _endpoint = endpoint;
        HttpMessageHandler? handler = given;
        while (handler is DelegatingHandler outer)
            handler = outer.InnerHandler;
        try
        {
            switch (handler)
            {
                case SocketsHttpHandler { AllowAutoRedirect: true } sockets:
                    sockets.AllowAutoRedirect = false;
                    break;
                case HttpClientHandler { AllowAutoRedirect: true } client:
                    client.AllowAutoRedirect = false;
                    break;
                case not (SocketsHttpHandler or HttpClientHandler):
                    _isUnknown = given is not null;
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            Refuse("is in use already and follows redirects");
        }
    }

    /// <summary>Why nothing is sent; null where the key stays at its host.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// Whether the same request without key has to show first that the handler follows no redirect to another host. A server may redirect
    /// one method or path only, and from now on.
    /// </summary>
    public bool MustAsk => _isUnknown && Problem is null;

    /// <summary>Looks where a request came to. Handlers write that into the request.</summary>
    public void Look(HttpRequestMessage sent)
    {
        string? reached = sent.RequestUri?.GetLeftPart(UriPartial.Authority);
        if (_isUnknown && reached is not null && reached != _endpoint.GetLeftPart(UriPartial.Authority))
            Refuse($"follows redirects to '{reached}'");
    }

    private void Refuse(string what)
    {
        Problem =
            $"The HttpMessageHandler for PandaProbe {what}, which would carry the key along, so nothing is sent: give PandaProbe one of its own, with AllowAutoRedirect = false.";
        PandaProbeEventSource.Log.ConfigurationProblem(Problem);
    }
}
