using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using PandaProbe.Export.Transport;

namespace PandaProbe.Hosting;

/// <summary>
/// What PandaProbe's client of the host's factory needs, whatever else the application configures for it: no redirects, no headers in logs, and no timeout of its
/// own, because the exporter has one.
/// </summary>
internal sealed class HttpClientSetup(IOptions<PandaProbeOptions> pandaProbe) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (string.IsNullOrEmpty(name) || name != pandaProbe.Value.HttpClientName)
            return;

        options.ShouldRedactHeaderValue = static _ => true;
        options.HttpMessageHandlerBuilderActions.Add(static builder => RedirectGuard.Apply(builder.PrimaryHandler));
        options.HttpClientActions.Add(static client => client.Timeout = Timeout.InfiniteTimeSpan);
    }
}
