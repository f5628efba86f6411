using Anthropic.Core;
using PandaProbe.Anthropic;

namespace Anthropic;

/// <summary>Adds PandaProbe to the clients of the Anthropic package.</summary>
public static class PandaProbeAnthropicExtensions
{
    /// <summary>
    /// Wraps the client so that its spans hold messages. The package opens a span for every call itself, and <c>AddPandaProbe()</c> listens
    /// to these spans, but by default they lack messages. <c>PandaProbeOptions.CaptureContent</c>, <c>Redact</c> and
    /// <c>MaxContentLength</c> apply.
    /// </summary>
    /// <example><code>AnthropicClient client = new AnthropicClient().WithPandaProbe();</code></example>
    public static AnthropicClient WithPandaProbe(this AnthropicClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (AnthropicClient)client.WithOptions(WithContent);
    }

    /// <inheritdoc cref="WithPandaProbe(AnthropicClient)"/>
    public static IAnthropicClient WithPandaProbe(this IAnthropicClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.WithOptions(WithContent);
    }

    private static ClientOptions WithContent(ClientOptions options)
    {
        OpenTelemetryOptions telemetry = options.OpenTelemetry ?? new();
        OpenTelemetryTraces traces = telemetry.Traces ?? new();
        return options with
        {
            Handlers = WithRequests(options.Handlers),
            OpenTelemetry = telemetry with
            {
                Traces = traces with
                {
                    Enabled = true,
                    ContentMode = OpenTelemetryContentMode.Content,
                    MaxContentBytes = traces.MaxContentBytes ?? PandaProbe.PandaProbeOptions.DefaultMaxContentLength,
                },
            },
        };
    }

    // A handler belongs to one client, so handlers of the application stay with the client that they were made for.
    private static IReadOnlyList<DelegatingHandler> WithRequests(IReadOnlyList<DelegatingHandler>? handlers) =>
        handlers is null or [] ? [new RequestHandler()] : handlers;
}
