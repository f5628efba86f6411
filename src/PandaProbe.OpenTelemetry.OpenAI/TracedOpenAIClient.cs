using OpenAI;
using OpenAI.Assistants;
using OpenAI.Audio;
using OpenAI.Batch;
using OpenAI.Chat;
using OpenAI.Containers;
using OpenAI.Conversations;
using OpenAI.Embeddings;
using OpenAI.Evals;
using OpenAI.Files;
using OpenAI.FineTuning;
using OpenAI.Graders;
using OpenAI.Images;
using OpenAI.Models;
using OpenAI.Moderations;
using OpenAI.Realtime;
using OpenAI.Responses;
using OpenAI.Skills;
using OpenAI.VectorStores;
using OpenAI.Videos;

namespace PandaProbe.OpenAI;

/// <summary>Returns recording chat, responses and embedding clients. All other clients come from the inner client.</summary>
internal sealed class TracedOpenAIClient : OpenAIClient
{
    private readonly OpenAIClient _inner;

    // Test doubles have no pipeline.
    private TracedOpenAIClient(OpenAIClient inner) => _inner = inner;

    private TracedOpenAIClient(OpenAIClient inner, OpenAIClientOptions options) : base(inner.Pipeline, options) => _inner = inner;

    public static TracedOpenAIClient Of(OpenAIClient inner) =>
        inner.Pipeline is null ? new(inner) : new(inner, new OpenAIClientOptions { Endpoint = inner.Endpoint });

    public override ChatClient GetChatClient(string model) => _inner.GetChatClient(model).WithPandaProbe();

    public override ResponsesClient GetResponsesClient() => _inner.GetResponsesClient().WithPandaProbe();

    public override EmbeddingClient GetEmbeddingClient(string model) => _inner.GetEmbeddingClient(model).WithPandaProbe();

    public override AssistantClient GetAssistantClient() => _inner.GetAssistantClient();

    public override AudioClient GetAudioClient(string? model) => _inner.GetAudioClient(model);

    public override BatchClient GetBatchClient() => _inner.GetBatchClient();

    public override ContainerClient GetContainerClient() => _inner.GetContainerClient();

    public override ConversationClient GetConversationClient() => _inner.GetConversationClient();

    public override EvaluationClient GetEvaluationClient() => _inner.GetEvaluationClient();

    public override OpenAIFileClient GetOpenAIFileClient() => _inner.GetOpenAIFileClient();

    public override FineTuningClient GetFineTuningClient() => _inner.GetFineTuningClient();

    public override GraderClient GetGraderClient() => _inner.GetGraderClient();

    public override ImageClient GetImageClient(string? model) => _inner.GetImageClient(model);

    public override OpenAIModelClient GetOpenAIModelClient() => _inner.GetOpenAIModelClient();

    public override ModerationClient GetModerationClient(string? model) => _inner.GetModerationClient(model);

    public override RealtimeClient GetRealtimeClient() => _inner.GetRealtimeClient();

    public override VectorStoreClient GetVectorStoreClient() => _inner.GetVectorStoreClient();

    public override SkillClient GetSkillClient() => _inner.GetSkillClient();

    public override VideoClient GetVideoClient() => _inner.GetVideoClient();
}
