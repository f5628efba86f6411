using Anthropic.Core;

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
