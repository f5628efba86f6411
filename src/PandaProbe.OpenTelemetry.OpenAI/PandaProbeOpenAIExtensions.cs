using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;
using PandaProbe.OpenAI;

namespace OpenAI;

/// <summary>Adds PandaProbe to the clients of the OpenAI package.</summary>
public static class PandaProbeOpenAIExtensions
{
    /// <summary>
    /// The same client, whose chat, responses and embedding clients record every call as a span. The other clients are the ones that it had.
    /// </summary>
    /// <example><code>OpenAIClient client = new OpenAIClient(key).WithPandaProbe();</code></example>
    public static OpenAIClient WithPandaProbe(this OpenAIClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedOpenAIClient ?? TracedOpenAIClient.Of(client);
    }

    /// <summary>
    /// The same client, with every completion recorded as a span <c>openai-chat</c>: messages, tools, tokens, model, parameters, errors; streamed or not, typed or
    /// by protocol methods. Below a trace or span it is its child; anywhere else it is a trace of its own. The caller sees exactly what it would see
    /// without this.
    /// </summary>
    public static ChatClient WithPandaProbe(this ChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedChatClient ?? TracedChatClient.Of(client);
    }

    /// <summary>The same client, with every response recorded as a span <c>openai-response</c> and the tools that it called as spans below it.</summary>
    public static ResponsesClient WithPandaProbe(this ResponsesClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedResponsesClient ?? TracedResponsesClient.Of(client);
    }

    /// <summary>The same client, with every call recorded as a span <c>openai-embedding</c>. The vectors are not recorded.</summary>
    public static EmbeddingClient WithPandaProbe(this EmbeddingClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedEmbeddingClient ?? TracedEmbeddingClient.Of(client);
    }
}
