using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Recording;

namespace PandaProbe;

public static partial class Probe
{
    /// <summary>
    /// Starts a span for one call to a language model. Its parent is the current span or trace; without one, the span is a root. Dispose
    /// the span with <c>using</c>, or pass the stream of the answer to
    /// <see cref="SpanScope.Observe{T}(IAsyncEnumerable{T}, Func{T, string})"/>.
    /// </summary>
    /// <param name="model">The requested model.</param>
    /// <param name="provider">The provider of the model, by OpenTelemetry's name: <c>openai</c>, <c>anthropic</c>, <c>azure.ai.openai</c>,
    /// <c>aws.bedrock</c>, <c>gcp.gemini</c>, … <see langword="null"/> derives it from the model's name where possible.</param>
    /// <param name="name">The name of the span. The default is <c>chat</c> and the model.</param>
    /// <param name="sessionId">The session (conversation) of the call and of all spans below it. <see langword="null"/> or an empty text
    /// takes the current session.</param>
    /// <param name="userId">The end user of the call and of all spans below it. <see langword="null"/> or an empty text takes the current
    /// user.</param>
    /// <param name="serviceName">The name of the calling service, when it differs from the resource's <c>service.name</c>. Recorded as
    /// metadata.</param>
    /// <param name="metadata">Metadata of the span.</param>
    /// <example>
    /// <code>
    /// using var span = Probe.StartLlmSpan("gpt-4o", "openai");
    /// span.SetInput([ProbeMessage.User(question)]);
    /// var answer = await client.CompleteAsync(question);
    /// span.SetOutput(answer.Text);
    /// span.SetTokenUsage(answer.InputTokens, answer.OutputTokens);
    /// </code>
    /// </example>
    public static SpanScope StartLlmSpan(
        string model, string? provider = null, string? name = null, string? sessionId = null, string? userId = null,
        string? serviceName = null,
        in ProbeFields metadata = default) =>
            OpenSpan.IsWanted(ProbeSpanKind.Llm)
                ? StartWantedLlmSpan(model, provider, name, sessionId, userId, serviceName, metadata) : default;

    /// <summary>
    /// Starts a span as <see cref="StartLlmSpan"/> does, records the prompt as its input and counts the prompt's tokens. The count is
    /// needed when the call fails or the provider reports no usage. <see cref="SpanScope.SetTokenUsage(long?, long?, in ProbeFields)"/>
    /// replaces it.
    /// </summary>
    /// <inheritdoc cref="StartLlmSpan"/>
    /// <param name="model">The requested model. It decides how tokens are counted.</param>
    /// <param name="provider">The provider of the model, by OpenTelemetry's name.</param>
    /// <param name="prompt">The prompt. It is counted only while traces or metrics are collected. <see langword="null"/> records and counts
    /// nothing.</param>
    /// <param name="name">The name of the span. The default is <c>chat</c> and the model.</param>
    /// <param name="sessionId">The session (conversation) of the call and of all spans below it. <see langword="null"/> or an empty text
    /// takes the current session.</param>
    /// <param name="userId">The end user of the call and of all spans below it. <see langword="null"/> or an empty text takes the current
    /// user.</param>
    /// <param name="serviceName">The name of the calling service, when it differs from the resource's <c>service.name</c>. Recorded as
    /// metadata.</param>
    /// <param name="metadata">Metadata of the span.</param>
    public static SpanScope StartLlmSpanWithTokens(
        string model, string? provider, string? prompt, string? name = null, string? sessionId = null, string? userId = null,
        string? serviceName = null,
        in ProbeFields metadata = default)
    {
        SpanScope span = StartLlmSpan(model, provider, name, sessionId, userId, serviceName, metadata);
        if (span.Open.IsMeasured && prompt is not null)
        {
            span.Open.SetPromptTokens(TokenCounting.Count(prompt, model));
            span.SetInput(prompt);
        }

        return span;
    }

    /// <inheritdoc cref="StartLlmSpanWithTokens(string, string?, string?, string?, string?, string?, string?, in ProbeFields)"/>
    public static SpanScope StartLlmSpanWithTokens(
        string model, string? provider, ReadOnlySpan<ProbeMessage> prompt, string? name = null, string? sessionId = null,
        string? userId = null,
        string? serviceName = null, in ProbeFields metadata = default)
    {
        SpanScope span = StartLlmSpan(model, provider, name, sessionId, userId, serviceName, metadata);
        if (span.Open.IsMeasured)
        {
            span.Open.SetPromptTokens(TokenCounting.Count(prompt, model));
            span.SetInput(prompt);
        }

        return span;
    }

    /// <inheritdoc cref="StartLlmSpanWithTokens(string, string?, string?, string?, string?, string?, string?, in ProbeFields)"/>
    public static SpanScope StartLlmSpanWithTokens(
        string model, string? provider, IEnumerable<ProbeMessage>? prompt, string? name = null, string? sessionId = null,
        string? userId = null,
        string? serviceName = null, in ProbeFields metadata = default)
    {
        SpanScope span = StartLlmSpan(model, provider, name, sessionId, userId, serviceName, metadata);
        if (span.Open.IsMeasured && prompt is not null && Read(prompt) is { } messages)
        {
            span.Open.SetPromptTokens(TokenCounting.Count(messages, model));
            span.SetInput(messages);
        }

        return span;
    }

    private static ProbeMessage[]? Read(IEnumerable<ProbeMessage> prompt)
    {
        try
        {
            return [.. prompt];
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("reading the prompt", exception);
            return null;
        }
    }

    private static SpanScope StartWantedLlmSpan(
        string model, string? provider, string? name, string? sessionId, string? userId, string? serviceName, in ProbeFields metadata)
    {
        SpanScope span = new(OpenSpan.Start(NameOf(name, model), ProbeSpanKind.Llm, model, provider, sessionId, userId));
        span.SetMetadata(metadata);
        if (!string.IsNullOrEmpty(serviceName))
            span.SetMetadata("service_name", serviceName);
        return span;
    }

    private static string NameOf(string? name, string model) =>
        !string.IsNullOrEmpty(name) ? name : string.IsNullOrEmpty(model) ? GenAI.Operation.Chat : PrefixedNames.Chat[model];
}
