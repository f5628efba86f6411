using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads the Vercel AI SDK: <c>ai.*</c>. A function such as <c>ai.generateText</c> is a span around its calls,
/// <c>ai.generateText.doGenerate</c>, and repeats the sum of their tokens. https://ai-sdk.dev/docs/ai-sdk-core/telemetry
/// </summary>
internal static class VercelVocabulary
{
    public const string Name = "vercel-ai";

    private const string Metadata = "ai.telemetry.metadata.";
    private const string Context = "ai.settings.context.";
    private const string Settings = "ai.settings.";

    public static bool Speaks(SpanFields fields) => fields.Scope == "ai" || fields.HasUnder("ai.");

    public static void Read(SpanFields fields, ReadSpan read)
    {
        SetKind(fields, read);
        SetContent(fields, read);
        SetUsage(fields, read);
        read.RequestModel = fields.TextOr(read.RequestModel, "ai.model.id", "aisdk.model.id");
        read.ResponseModel = fields.TextOr(read.ResponseModel, "ai.response.model");
        read.ResponseId = fields.TextOr(read.ResponseId, "ai.response.id");
        read.Provider ??= Provider(fields.Text("ai.model.provider", "aisdk.model.provider"));
        if (fields.Text("ai.response.finishReason", "ai.finishReason") is { } reason && read.FinishReasons.Count == 0)
            read.FinishReasons = FinishReasons.Normalise([reason]);
        read.TimeToFirstChunk ??= SpanTimes.Valid(fields.Number("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk") / 1000);
        SetContext(fields, read);
        fields.Skip(
            "ai.response.timestamp", "ai.response.msToFinish", "ai.response.avgOutputTokensPerSecond",
            "ai.response.avgCompletionTokensPerSecond", "ai.embedding",
            "ai.embeddings", "ai.toolCall.type", "ai.model.provider", "ai.response.msToFirstChunk", "ai.stream.msToFirstChunk",
            "operation.name", "resource.name");
    }

    private static void SetKind(SpanFields fields, ReadSpan read)
    {
        string operation = fields.Text("ai.operationId", "operation.name") ?? fields.Span.Name;
        int space = operation.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0)
            operation = operation[..space];
        if (!operation.StartsWith("ai.", StringComparison.Ordinal))
            return;

        int last = operation.LastIndexOf('.');
        read.KindFound ??= operation[(last + 1)..] switch
        {
            "doGenerate" or "doStream" => StepKind.Llm,
            "doEmbed" => StepKind.Embedding,
            "doRerank" or "rerank" => StepKind.Retriever,
            "toolCall" => StepKind.Tool,
            _ => StepKind.Chain,
        };
        read.UsageIsSum |= !read.Kind.IsCall();
    }

    private static void SetContent(SpanFields fields, ReadSpan read)
    {
        read.Input = fields.Messages(read.Input, ReadMessage.User, "ai.prompt.messages", "ai.prompt");
        SetOutput(fields, read);
        read.ToolName = fields.TextOr(read.ToolName, "ai.toolCall.name");
        read.ToolCallId = fields.TextOr(read.ToolCallId, "ai.toolCall.id");
        read.ToolArguments = fields.TextOr(read.ToolArguments, "ai.toolCall.args", "ai.toolCall.input");
        read.ToolResult = fields.TextOr(read.ToolResult, "ai.toolCall.result", "ai.toolCall.output");
        if (fields.Texts("ai.prompt.tools") is { Count: > 0 } tools)
            read.ToolDefinitions ??= $"[{string.Join(',', tools.Select(tool => LenientJson.Parse(tool)?.GetRawText() ?? LenientJson.Quote(tool)))}]";
        if (fields.Value("ai.prompt.toolChoice") is { } choice)
            read.Parameters.Add(new ReadField("toolChoice", choice.ToField()));
        if (fields.Text("ai.value", "ai.values") is { } value)
            read.InputValue ??= value;
        if (fields.Json("ai.documents") is { } documents && read.Documents.Count == 0)
            read.Documents = Documents.Read(documents);
        read.OutputValue = fields.TextOr(read.OutputValue, "ai.ranking");
    }

    private static void SetOutput(SpanFields fields, ReadSpan read)
    {
        List<ReadPart> parts = [];
        if (fields.Text("ai.response.reasoning") is { } reasoning)
            parts.Add(new ReadPart(ReadPartKind.Reasoning, reasoning));
        if (fields.Text("ai.response.text", "ai.result.text") is { } text)
            parts.Add(new ReadPart(ReadPartKind.Text, text));
        if (fields.Text("ai.response.object", "ai.result.object") is { } json)
            parts.Add(new ReadPart(ReadPartKind.Text, json));
        if (fields.Json("ai.response.toolCalls", "ai.result.toolCalls") is { } calls)
            PartReader.AddCalls(parts, calls);
        if (fields.Json("ai.response.files") is { } files)
            PartReader.AddAll(parts, files);
        if (parts.Count > 0 && read.Output.Count == 0)
        {
            read.Output = [new ReadMessage(
                ReadMessage.Assistant, parts, FinishReason: FinishReasons.Normalise(fields.Text("ai.response.finishReason")))];
        }
    }

    private static void SetUsage(SpanFields fields, ReadSpan read)
    {
        ReadCounts counts = read.Counts;
        counts.Input = fields.IntegerOr(counts.Input, "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens");
        counts.Output = fields.IntegerOr(counts.Output, "ai.usage.outputTokens", "ai.usage.completionTokens");
        counts.Total = fields.IntegerOr(counts.Total, "ai.usage.totalTokens");
        counts.CacheRead = fields.IntegerOr(counts.CacheRead, "ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens");
        counts.CacheWrite = fields.IntegerOr(counts.CacheWrite, "ai.usage.inputTokenDetails.cacheWriteTokens");
        counts.Reasoning = fields.IntegerOr(counts.Reasoning, "ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens");
        fields.Skip("ai.usage.inputTokenDetails.noCacheTokens", "ai.usage.outputTokenDetails.textTokens");
        if (fields.Json("ai.response.providerMetadata") is { } metadata)
            SetProviderUsage(counts, metadata);
    }

    // Before the SDK had names for them, the details stood in what the provider says of itself.
    private static void SetProviderUsage(ReadCounts counts, JsonElement metadata)
    {
        JsonElement openai = metadata.First("openai", "azure");
        counts.CacheRead ??= openai.Get("cachedPromptTokens").Integer();
        counts.Reasoning ??= openai.Get("reasoningTokens").Integer();
        JsonElement bedrock = metadata.Get("bedrock").Get("usage");
        counts.CacheRead ??= bedrock.Get("cacheReadInputTokens").Integer();
        counts.CacheWrite ??= bedrock.Get("cacheWriteInputTokens").Integer();

        JsonElement anthropic = metadata.Get("anthropic");
        JsonElement usage = anthropic.Get("usage");
        counts.CacheRead ??= usage.Get("cache_read_input_tokens").Integer() ?? anthropic.Get("cacheReadInputTokens").Integer();
        counts.CacheWrite ??= usage.Get("cache_creation_input_tokens").Integer() ?? anthropic.Get("cacheCreationInputTokens").Integer();
        // Up to version 5 the SDK hands Anthropic's count on, which excludes cached tokens.
        if (usage.Get("input_tokens").Integer() is { } input && input == counts.Input)
            counts.Input += Math.Max(0, counts.CacheRead ?? 0) + Math.Max(0, counts.CacheWrite ?? 0);
    }

    private static void SetContext(SpanFields fields, ReadSpan read)
    {
        foreach (string prefix in (ReadOnlySpan<string>)[Metadata, Context])
        {
            foreach ((string key, AnyValue value) in fields.Under(prefix))
                SetMetadata(read, key, value);
        }

        foreach ((string key, AnyValue value) in fields.Under(Settings))
        {
            if (!key.StartsWith("context.", StringComparison.Ordinal))
                read.Parameters.Add(new ReadField(key, value.ToField()));
        }

        if (fields.Text("ai.telemetry.functionId") is { } function)
        {
            read.Metadata.Add(new ReadField("functionId", LenientJson.Quote(function)));
            read.TraceName ??= function;
        }
    }

    private static void SetMetadata(ReadSpan read, string key, AnyValue value)
    {
        switch (key)
        {
            case "sessionId" or "session_id" or "threadId" or "chatId":
                read.SessionId ??= value.Text();
                break;
            case "userId" or "user_id":
                read.UserId ??= value.Text();
                break;
            case "tags" when read.Tags.Count == 0:
                read.Tags = value.Texts();
                break;
            case "langfusePrompt":
                read.PromptName ??= value.Json()?.Text("name");
                read.PromptVersion ??= value.Json()?.Text("version");
                break;
            default:
                read.Metadata.Add(new ReadField(key, value.ToField()));
                break;
        }
    }

    // The SDK adds the interface: openai.chat, openai.responses, google.vertex.chat.
    private static string? Provider(string? name)
    {
        if (name is null)
            return null;

        string known = name switch
        {
            _ when name.StartsWith("google.vertex", StringComparison.Ordinal) => "google.vertex",
            _ when name.StartsWith("google.", StringComparison.Ordinal) => "google",
            _ when name.StartsWith("azure", StringComparison.Ordinal) => "azure",
            _ => name.Split('.')[0],
        };
        return Providers.Normalise(known);
    }
}
