namespace PandaProbe.Export.Transport;

/// <summary>
/// Switches redirects off in a handler that somebody else made: the handlers of .NET take every header but Authorization along, and so
/// would carry PandaProbe's key to another host.
/// </summary>
internal static class RedirectGuard
{
    public static void Apply(HttpMessageHandler? handler)
    {
        try
        {
            for (; handler is not null; handler = (handler as DelegatingHandler)?.InnerHandler)
            {
                switch (handler)
                {
                    case SocketsHttpHandler sockets:
                        sockets.AllowAutoRedirect = false;
                        break;
                    case HttpClientHandler client:
                        client.AllowAutoRedirect = false;
                        break;
                }
            }
        }
        catch (InvalidOperationException)
        {
            Diagnostics.PandaProbeEventSource.Log.ConfigurationProblem(
                "The HttpMessageHandler for PandaProbe is in use already and may follow redirects: give PandaProbe one of its own, with AllowAutoRedirect = false.");
        }
    }
}
