using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Recording;

namespace PandaProbe;

// Calls to language models.
public static partial class Probe
{
    /// <summary>
    /// Opens a span for one call to a language model, below whatever span or trace is open, or a root of its own. Dispose it with <c>using</c>,
    /// or give the answer's stream to <see cref="SpanScope.Observe{T}(IAsyncEnumerable{T}, Func{T, string})"/>.
    /// </summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="provider">Who serves it, by OpenTelemetry's name: <c>openai</c>, <c>anthropic</c>, <c>azure.ai.openai</c>, <c>aws.bedrock</c>, <c>gcp.gemini</c>, …</param>
    /// <param name="name">What the call is called; <c>chat</c> and the model if not given.</param>
    /// <param name="sessionId">The conversation the call belongs to, if it is not that of its surroundings. Everything below the span inherits it.</param>
    /// <param name="userId">The end user it is made for, if not that of its surroundings. Everything below the span inherits it.</param>
    /// <param name="serviceName">The service that makes the call, when it is not the one that the resource names.</param>
    /// <param name="metadata">Anything else worth knowing.</param>
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
        string model, string? provider = null, string? name = null, string? sessionId = null, string? userId = null, string? serviceName = null,
        in ProbeFields metadata = default) =>
        OpenSpan.IsWanted(ProbeSpanKind.Llm) ? StartWantedLlmSpan(model, provider, name, sessionId, userId, serviceName, metadata) : default;

    /// <summary>
    /// As <see cref="StartLlmSpan"/>, and counts the prompt's tokens before the call, so that they are known even when it fails or when the provider reports none.
    /// What the provider reports afterwards (<see cref="SpanScope.SetTokenUsage(long?, long?, in ProbeFields)"/>) replaces the count. The prompt also becomes the span's input.
    /// </summary>
    /// <inheritdoc cref="StartLlmSpan"/>
    /// <param name="model">The model that is asked; decides how tokens are counted.</param>
    /// <param name="provider">Who serves it, by OpenTelemetry's name.</param>
    /// <param name="prompt">The prompt. It is counted only while somebody listens.</param>
    /// <param name="name">What the call is called; <c>chat</c> and the model if not given.</param>
    /// <param name="sessionId">The conversation the call belongs to, if it is not that of its surroundings.</param>
    /// <param name="userId">The end user it is made for, if not that of its surroundings.</param>
    /// <param name="serviceName">The service that makes the call, when it is not the one that the resource names.</param>
    /// <param name="metadata">Anything else worth knowing.</param>
    public static SpanScope StartLlmSpanWithTokens(
        string model, string? provider, string? prompt, string? name = null, string? sessionId = null, string? userId = null, string? serviceName = null,
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
        string model, string? provider, ReadOnlySpan<ProbeMessage> prompt, string? name = null, string? sessionId = null, string? userId = null,
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
        string model, string? provider, IEnumerable<ProbeMessage>? prompt, string? name = null, string? sessionId = null, string? userId = null,
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
