using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;
using PandaProbe.OpenAI;

namespace OpenAI;

/// <summary>Adds PandaProbe to the clients of the OpenAI package.</summary>
public static class PandaProbeOpenAIExtensions
{
    /// <summary>
    /// Wraps the client so that its chat, responses and embedding clients record every call as a span. Its other clients stay unchanged.
    /// </summary>
    /// <example><code>OpenAIClient client = new OpenAIClient(key).WithPandaProbe();</code></example>
    public static OpenAIClient WithPandaProbe(this OpenAIClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedOpenAIClient ?? TracedOpenAIClient.Of(client);
    }

    /// <summary>
    /// Wraps the client so that every completion is recorded as a span <c>chat {model}</c>, with messages, tools, tokens, model, parameters
    /// and errors. This covers streamed calls and protocol methods. Inside a trace or span the call becomes its child. Outside, it becomes
    /// a trace of its own. Results and exceptions reach the caller unchanged.
    /// </summary>
    public static ChatClient WithPandaProbe(this ChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedChatClient ?? TracedChatClient.Of(client);
    }

    /// <summary>
    /// Wraps the client so that every response is recorded as a span <c>chat {model}</c>. The tools that the service ran are child spans.
    /// </summary>
    public static ResponsesClient WithPandaProbe(this ResponsesClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedResponsesClient ?? TracedResponsesClient.Of(client);
    }

    /// <summary>Wraps the client so that every call is recorded as a span <c>embeddings {model}</c>. Vectors are not recorded.</summary>
    public static EmbeddingClient WithPandaProbe(this EmbeddingClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client as TracedEmbeddingClient ?? TracedEmbeddingClient.Of(client);
    }
}
