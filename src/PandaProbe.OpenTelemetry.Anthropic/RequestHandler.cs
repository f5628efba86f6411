using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Diagnostics;

namespace PandaProbe.Anthropic;

/// <summary>Adds to the package's span what the package leaves out of a request: parameters, definitions of tools, and media.</summary>
internal sealed class RequestHandler : DelegatingHandler
{
    private const string Source = "com.anthropic.sdk.csharp";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Activity.Current is { IsAllDataRequested: true } span && request.Content is { } content
            && span.Source.Name.StartsWith(Source, StringComparison.Ordinal)
            && request.RequestUri?.AbsolutePath.EndsWith("/messages", StringComparison.Ordinal) == true)
        {
            await RecordAsync(span, content, cancellationToken).ConfigureAwait(false);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RecordAsync(Activity span, HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            byte[] body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(body);
            RequestJson.Read(span, document.RootElement);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("model call", exception);
        }
    }
}
