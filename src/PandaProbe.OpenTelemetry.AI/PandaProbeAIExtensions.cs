using PandaProbe.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Adds PandaProbe to the clients of Microsoft.Extensions.AI.</summary>
public static class PandaProbeAIExtensions
{
    /// <summary>
    /// Records every call of this client as a span: messages, tools, tokens, model, parameters, errors; streamed or not. Below a trace or span it is
    /// its child; anywhere else it is a trace of its own, in the ambient session and for the ambient user. The caller sees exactly what it would see
    /// without this. Costs nothing while nobody listens.
    /// </summary>
    /// <remarks>
    /// In a builder, put it inside of function invocation, so that every round and every tool has a span:
    /// <c>builder.UseFunctionInvocation().Use(inner => inner.WithPandaProbe())</c>.
    /// </remarks>
    /// <example><code>IChatClient client = new OllamaApiClient(uri, "llama3").WithPandaProbe();</code></example>
    public static IChatClient WithPandaProbe(this IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetService(typeof(TracedChatClient)) is null ? new TracedChatClient(client) : client;
    }

    /// <summary>Records every call of this generator as a span: what was embedded, tokens, model, errors. The vectors are not recorded.</summary>
    public static IEmbeddingGenerator<TInput, TEmbedding> WithPandaProbe<TInput, TEmbedding>(this IEmbeddingGenerator<TInput, TEmbedding> generator)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        return generator.GetService(typeof(TracedEmbeddingGenerator<TInput, TEmbedding>)) is null
            ? new TracedEmbeddingGenerator<TInput, TEmbedding>(generator)
            : generator;
    }

    /// <summary>
    /// Records every run of this function as a tool's span, with its arguments and its result. Where function invocation has opened a span for the run
    /// already, that span gets them.
    /// </summary>
    public static AIFunction WithPandaProbe(this AIFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function as TracedFunction ?? new TracedFunction(function);
    }
}
