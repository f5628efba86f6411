using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads OpenTelemetry's conventions for generative AI, version 1.41.1 and what came before and after it.
/// https://github.com/open-telemetry/semantic-conventions/tree/v1.41.1/docs/gen-ai
/// </summary>
internal static class GenAIVocabulary
{
    public const string Name = "gen_ai";

    private const string Prefix = "gen_ai.";
    private const string Request = "gen_ai.request.";

    public static bool Speaks(SpanFields fields) => fields.HasUnder(Prefix) || GenAIEvents.Any(fields);

    public static void Read(SpanFields fields, ReadSpan read)
    {
        // Several are not asked for when another vocabulary has said the same.
        fields.Skip("gen_ai.provider.name", "gen_ai.system", "gen_ai.response.time_to_first_chunk", "gen_ai.tool.definitions");
        SetKind(fields, read);
        ReadFields(fields, read);
        GenAIEvents.Read(fields, read);
    }

    /// <summary>Reads the attributes of a span, or of an event that holds the same ones.</summary>
    public static void ReadFields(SpanFields fields, ReadSpan read)
    {
        SetContent(fields, read);
        SetModel(fields, read);
        SetUsage(fields, read);
        read.ToolName = fields.TextOr(read.ToolName, "gen_ai.tool.name");
        read.ToolCallId = fields.TextOr(read.ToolCallId, "gen_ai.tool.call.id");
        read.ToolDescription = fields.TextOr(read.ToolDescription, "gen_ai.tool.description");
        read.ToolArguments = fields.TextOr(read.ToolArguments, "gen_ai.tool.call.arguments");
        read.ToolResult = fields.TextOr(read.ToolResult, "gen_ai.tool.call.result");
        read.AgentName = fields.TextOr(read.AgentName, "gen_ai.agent.name");
        if (fields.Text("gen_ai.workflow.name") is { } workflow && workflow != fields.Span.Name)
            read.AgentName ??= workflow;
        read.SessionId = fields.TextOr(read.SessionId, "gen_ai.conversation.id");
        read.PromptName = fields.TextOr(read.PromptName, "gen_ai.prompt.name");
        read.PromptVersion = fields.TextOr(read.PromptVersion, "gen_ai.prompt.version");
        read.Query = fields.TextOr(read.Query, "gen_ai.retrieval.query.text");
        if (fields.Json("gen_ai.retrieval.documents") is { } documents && read.Documents.Count == 0)
            read.Documents = Documents.Read(documents);
        read.TimeToFirstChunk ??= SpanTimes.Valid(fields.Number("gen_ai.response.time_to_first_chunk"));
    }

    private static void SetKind(SpanFields fields, ReadSpan read)
    {
        string? operation = fields.Text("gen_ai.operation.name");
        if (read.KindFound is null && operation is not null && StepKinds.FromOperation(operation) is null)
            read.KindLabel ??= operation;
        read.KindFound ??= StepKinds.FromOperation(operation)
            ?? (fields.Has("gen_ai.tool.name") || fields.Has("gen_ai.tool.call.id") ? StepKind.Tool
                : fields.Span.Name.StartsWith("orchestrate_tools", StringComparison.Ordinal) ? StepKind.Chain
                : operation is null && (fields.Has("gen_ai.request.model") || fields.Has("gen_ai.response.model")) ? StepKind.Llm
                : null);

        // An agent that runs elsewhere has no calls below it, so its tokens are its own: whether they are a sum is seen in the tree.
        read.UsageIsSum |= operation is "orchestrate_tools" or "agent_step" or "plan" or "invoke_workflow"
            || (operation is null && read.Kind == StepKind.Chain);
    }

    private static void SetContent(SpanFields fields, ReadSpan read)
    {
        bool isKnown = read.Input.Count > 0;
        read.Input = fields.Messages(read.Input, ReadMessage.User, "gen_ai.input.messages", "gen_ai.prompt", "gen_ai.content.prompt");
        read.Output = fields.Messages(
            read.Output, ReadMessage.Assistant, "gen_ai.output.messages", "gen_ai.completion", "gen_ai.content.completion");
        if (fields.Value("gen_ai.system_instructions") is { } instructions && !isKnown)
            read.Input = WithInstructions(read.Input, instructions);
        read.ToolDefinitions ??= fields.Json("gen_ai.tool.definitions")?.GetRawText();
    }

    private static IReadOnlyList<ReadMessage> WithInstructions(IReadOnlyList<ReadMessage> messages, AnyValue instructions)
    {
        if (MessageReader.Read(instructions, ReadMessage.System) is not [{ } system, ..])
            return messages;

        return messages is [{ Role: ReadMessage.System } first, ..] && first.Text == system.Text ? messages
            : messages is PlainMessages plain ? plain.After(system) : [system, .. messages];
    }

    private static void SetModel(SpanFields fields, ReadSpan read)
    {
        read.RequestModel = fields.TextOr(read.RequestModel, "gen_ai.request.model");
        read.ResponseModel = fields.TextOr(read.ResponseModel, "gen_ai.response.model");
        read.Provider ??= Providers.Normalise(fields.Text("gen_ai.provider.name", "gen_ai.system"));
        read.ResponseId = fields.TextOr(read.ResponseId, "gen_ai.response.id");
        IReadOnlyList<string> reasons = FinishReasons.Normalise(
            fields.Texts("gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "gen_ai.response.stop_reason",
            "anthropic.message.stop_reason"));
        if (read.FinishReasons.Count == 0)
            read.FinishReasons = reasons;
        foreach ((string key, AnyValue value) in fields.Under(Request))
        {
            if (key != "model" && !read.Parameters.Exists(parameter => parameter.Key == key))
                read.Parameters.Add(new ReadField(key, value.ToField()));
        }
    }

    private static void SetUsage(SpanFields fields, ReadSpan read)
    {
        ReadCounts counts = read.Counts;
        counts.Input = fields.IntegerOr(
            counts.Input, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "gen_ai.response.prompt_tokens");
        counts.Output = fields.IntegerOr(
            counts.Output, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "gen_ai.response.completion_tokens");
        counts.Total = fields.IntegerOr(counts.Total, "gen_ai.usage.total_tokens");
        counts.CacheRead = fields.IntegerOr(
            counts.CacheRead, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.cached_input_tokens");
        counts.CacheWrite = fields.IntegerOr(
            counts.CacheWrite, "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens",
            "gen_ai.usage.cache_creation_input_tokens");
        counts.CacheWriteOneHour = fields.IntegerOr(counts.CacheWriteOneHour, "anthropic.usage.cache_creation.ephemeral_1h_input_tokens");
        counts.Reasoning = fields.IntegerOr(counts.Reasoning, "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens");
        counts.AudioInput = fields.IntegerOr(counts.AudioInput, "gen_ai.usage.audio.input_tokens");
        counts.AudioOutput = fields.IntegerOr(counts.AudioOutput, "gen_ai.usage.audio.output_tokens");
        counts.AudioCacheRead = fields.IntegerOr(counts.AudioCacheRead, "gen_ai.usage.audio.cache_read.input_tokens");
        counts.ImageInput = fields.IntegerOr(counts.ImageInput, "gen_ai.usage.image.input_tokens");
        counts.ImageOutput = fields.IntegerOr(counts.ImageOutput, "gen_ai.usage.image.output_tokens");
        decimal? reported = SpanCosts.Amount(fields.Value("gen_ai.usage.cost"));

        // LiteLLM's name.
        reported = SpanCosts.Amount(fields.Value("gen_ai.cost.total_cost")) ?? reported;
        if (reported is { } cost && read.Cost is null)
        {
            read.Cost = cost;
            read.CostSource = CostSource.Reported;
        }
    }
}
