using Anthropic.Core;

namespace Anthropic;

/// <summary>Adds PandaProbe to the client of the Anthropic package.</summary>
public static class PandaProbeAnthropicExtensions
{
    /// <summary>
    /// The same client with messages in its spans. The package opens a span for every call by itself, and <c>AddPandaProbe()</c> listens to it; what it leaves out
    /// unless asked is what was said. <c>PandaProbeOptions.CaptureContent</c>, <c>Redact</c> and <c>MaxContentLength</c> hold for it as for all content.
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
}
