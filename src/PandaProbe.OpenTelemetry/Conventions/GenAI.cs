namespace PandaProbe.Conventions;

/// <summary>
/// OpenTelemetry semantic conventions for generative AI, version 1.41.1. The nesting mirrors the attribute's path.
/// https://github.com/open-telemetry/semantic-conventions/tree/v1.41.1/docs/gen-ai
/// </summary>
internal static class GenAI
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string SystemInstructions = "gen_ai.system_instructions";

    /// <summary>The name of <see cref="ProviderName"/> before v1.37.</summary>
    public const string System = "gen_ai.system";

    public static class Operation
    {
        public const string Chat = "chat";
        public const string TextCompletion = "text_completion";
        public const string GenerateContent = "generate_content";
        public const string Embeddings = "embeddings";
        public const string Retrieval = "retrieval";
        public const string ExecuteTool = "execute_tool";
        public const string CreateAgent = "create_agent";
        public const string InvokeAgent = "invoke_agent";
        public const string InvokeWorkflow = "invoke_workflow";

        /// <summary>Not a convention: the name of Microsoft.Extensions.AI for the span around a function-calling loop.</summary>
        public const string OrchestrateTools = "orchestrate_tools";
    }

    public static class Agent
    {
        public const string Name = "gen_ai.agent.name";
    }

    public static class Workflow
    {
        public const string Name = "gen_ai.workflow.name";
    }

    public static class Conversation
    {
        public const string Id = "gen_ai.conversation.id";
    }

    public static class Input
    {
        public const string Messages = "gen_ai.input.messages";
    }

    public static class Output
    {
        public const string Messages = "gen_ai.output.messages";
        public const string Type = "gen_ai.output.type";
    }

    public static class Tool
    {
        public const string Name = "gen_ai.tool.name";
        public const string Type = "gen_ai.tool.type";
        public const string Description = "gen_ai.tool.description";
        public const string Definitions = "gen_ai.tool.definitions";

        public static class Call
        {
            public const string Id = "gen_ai.tool.call.id";
            public const string Arguments = "gen_ai.tool.call.arguments";
            public const string Result = "gen_ai.tool.call.result";
        }
    }

    public static class Request
    {
        public const string Model = "gen_ai.request.model";
        public const string Stream = "gen_ai.request.stream";
        public const string Temperature = "gen_ai.request.temperature";
        public const string TopP = "gen_ai.request.top_p";
        public const string TopK = "gen_ai.request.top_k";
        public const string MaxTokens = "gen_ai.request.max_tokens";
        public const string FrequencyPenalty = "gen_ai.request.frequency_penalty";
        public const string PresencePenalty = "gen_ai.request.presence_penalty";
        public const string StopSequences = "gen_ai.request.stop_sequences";
        public const string Seed = "gen_ai.request.seed";
        public const string ChoiceCount = "gen_ai.request.choice.count";
    }

    public static class Evaluation
    {
        public const string Explanation = "gen_ai.evaluation.explanation";
    }

    public static class Retrieval
    {
        public const string QueryText = "gen_ai.retrieval.query.text";
        public const string Documents = "gen_ai.retrieval.documents";
    }

    public static class Embeddings
    {
        public const string DimensionCount = "gen_ai.embeddings.dimension.count";
    }

    public static class Response
    {
        public const string Id = "gen_ai.response.id";
        public const string Model = "gen_ai.response.model";
        public const string FinishReasons = "gen_ai.response.finish_reasons";
        public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    }

    public static class Token
    {
        public const string Type = "gen_ai.token.type";
    }

    /// <summary>Names of metrics.</summary>
    public static class Client
    {
        public const string TokenUsage = "gen_ai.client.token.usage";
        public const string OperationDuration = "gen_ai.client.operation.duration";
        public const string TimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
        public const string TimePerOutputChunk = "gen_ai.client.operation.time_per_output_chunk";
    }

    public static class Usage
    {
        public const string InputTokens = "gen_ai.usage.input_tokens";
        public const string OutputTokens = "gen_ai.usage.output_tokens";

        /// <summary>The name of <see cref="InputTokens"/> before v1.27.</summary>
        public const string PromptTokens = "gen_ai.usage.prompt_tokens";

        /// <summary>The name of <see cref="OutputTokens"/> before v1.27.</summary>
        public const string CompletionTokens = "gen_ai.usage.completion_tokens";

        /// <summary>Not a convention: read by several backends.</summary>
        public const string Cost = "gen_ai.usage.cost";

        public static class CacheRead
        {
            public const string InputTokens = "gen_ai.usage.cache_read.input_tokens";
        }

        public static class CacheCreation
        {
            public const string InputTokens = "gen_ai.usage.cache_creation.input_tokens";
        }

        /// <summary>The name of <see cref="CacheCreation"/> after v1.41. Read, but not written until backends know it.</summary>
        public static class CacheWrite
        {
            public const string InputTokens = "gen_ai.usage.cache_write.input_tokens";
        }

        public static class Reasoning
        {
            public const string OutputTokens = "gen_ai.usage.reasoning.output_tokens";
        }
    }
}
