using PandaProbe.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Adds PandaProbe to the clients of Microsoft.Extensions.AI.</summary>
public static class PandaProbeAIExtensions
{
    /// <summary>
    /// Wraps the client so that every call is recorded as a span, with messages, tools, tokens, model, parameters and errors. Streamed
    /// calls are recorded too. Inside a trace or span the call becomes its child. Outside, it becomes a trace of its own, with the ambient
    /// session and user. Results and exceptions reach the caller unchanged. Without a listener, a call goes straight to the wrapped client.
    /// </summary>
    /// <remarks>
    /// In a builder, add it after function invocation, so that every round and every tool gets a span:
    /// <c>builder.UseFunctionInvocation().Use(inner => inner.WithPandaProbe())</c>.
    /// </remarks>
    /// <example><code>IChatClient client = new OllamaApiClient(uri, "llama3").WithPandaProbe();</code></example>
    public static IChatClient WithPandaProbe(this IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetService(typeof(TracedChatClient)) is null ? new TracedChatClient(client) : client;
    }

    /// <summary>
    /// Wraps the generator so that every call is recorded as a span, with input, tokens, model and errors. Vectors are not recorded.
    /// </summary>
    public static IEmbeddingGenerator<TInput, TEmbedding> WithPandaProbe<TInput, TEmbedding>(
        this IEmbeddingGenerator<TInput, TEmbedding> generator)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        return generator.GetService(typeof(TracedEmbeddingGenerator<TInput, TEmbedding>)) is null
            ? new TracedEmbeddingGenerator<TInput, TEmbedding>(generator)
            : generator;
    }

    /// <summary>
    /// Wraps the function so that every run is recorded as a tool span, with arguments and result. If function invocation has already
    /// opened a span for the run, the arguments and the result go to that span.
    /// </summary>
    public static AIFunction WithPandaProbe(this AIFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function as TracedFunction ?? new TracedFunction(function);
    }
}
