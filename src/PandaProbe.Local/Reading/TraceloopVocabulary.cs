using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads OpenLLMetry (Traceloop): <c>gen_ai.prompt.0.content</c> and <c>llm.prompts.0.content</c> in its earlier versions, the conventions'
/// messages today, and <c>traceloop.*</c> in all of them.
/// </summary>
internal static class TraceloopVocabulary
{
    public const string Name = "openllmetry";

    private const string Properties = "traceloop.association.properties.";

    public static bool Speaks(SpanFields fields) =>
        fields.HasUnder("traceloop.") || fields.Has("llm.request.type") || fields.HasUnder("gen_ai.prompt.0.")
            || fields.HasUnder("gen_ai.completion.0.")
        || fields.HasUnder("llm.prompts.0.content") || fields.HasUnder("llm.completions.0.");

    public static void Read(SpanFields fields, ReadSpan read)
    {
        read.KindFound ??= fields.Text("traceloop.span.kind")?.ToLowerInvariant() switch
        {
            "workflow" or "task" => StepKind.Chain,
            "agent" => StepKind.Agent,
            "tool" => StepKind.Tool,
            _ => null,
        };
        read.KindFound ??= fields.Text("llm.request.type")?.ToLowerInvariant() switch
        {
            "chat" or "completion" => StepKind.Llm,
            "embedding" => StepKind.Embedding,
            "rerank" => StepKind.Retriever,
            _ => null,
        };
        SetContent(fields, read);
        SetEntity(fields, read);
        SetProperties(fields, read);
        SetResults(fields, read);
        read.Counts.Total = fields.IntegerOr(read.Counts.Total, "llm.usage.total_tokens");
        read.Counts.Input = fields.IntegerOr(read.Counts.Input, "llm.usage.prompt_tokens");
        read.Counts.Output = fields.IntegerOr(read.Counts.Output, "llm.usage.completion_tokens");
        read.Counts.Reasoning = fields.IntegerOr(read.Counts.Reasoning, "llm.usage.reasoning_tokens");
        read.UserId = fields.TextOr(read.UserId, "gen_ai.user", "llm.user");
        read.PromptName = fields.TextOr(read.PromptName, "traceloop.prompt.key");
        read.PromptVersion = fields.TextOr(read.PromptVersion, "traceloop.prompt.version");
        fields.Skip("llm.request.type", "traceloop.span.kind", "traceloop.entity.input", "traceloop.entity.output", "llm.headers",
            "traceloop.entity.path", "traceloop.entity.version");
        foreach (string name in (
            ReadOnlySpan<string>)["temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "chat.stop_sequences",
            "is_streaming"])
        {
            if (fields.Value("llm." + name) is { } value && !read.Parameters.Exists(parameter => parameter.Key == name))
                read.Parameters.Add(new ReadField(name, value.ToField()));
        }
    }

    private static void SetContent(SpanFields fields, ReadSpan read)
    {
        read.Input = fields.FlatMessages(read.Input, ReadMessage.User, "gen_ai.prompt.");
        read.Input = fields.FlatMessages(read.Input, ReadMessage.User, "llm.prompts.");
        read.Output = fields.FlatMessages(read.Output, ReadMessage.Assistant, "gen_ai.completion.");
        read.Output = fields.FlatMessages(read.Output, ReadMessage.Assistant, "llm.completions.");
        if (read.FinishReasons.Count == 0)
            read.FinishReasons = [.. read.Output.Select(message => message.FinishReason).OfType<string>()];
        if (fields.Flat("llm.request.functions.") is { } functions)
            read.ToolDefinitions ??= functions.GetRawText();
    }

    private static void SetEntity(SpanFields fields, ReadSpan read)
    {
        string? name = fields.Text("traceloop.entity.name");
        if (read.Kind == StepKind.Tool)
            read.ToolName ??= name;
        else if (read.Kind == StepKind.Agent)
            read.AgentName ??= name;
        read.TraceName = fields.TextOr(read.TraceName, "traceloop.workflow.name");
        read.InputValue ??= Unwrap(fields.Text("traceloop.entity.input"), "inputs", "input_str");
        read.OutputValue ??= Unwrap(fields.Text("traceloop.entity.output"), "outputs", "output");
    }

    /// <summary>
    /// Returns what the caller passed: the decorators write <c>{"args":[],"kwargs":{}}</c> around it, LangChain's handler
    /// <c>{"inputs":…}</c>.
    /// </summary>
    private static string? Unwrap(string? value, params ReadOnlySpan<string> names)
    {
        if (LenientJson.Parse(value) is not { ValueKind: JsonValueKind.Object } json)
            return value;

        JsonElement arguments = json.Get("args");
        if (arguments.IsArray() && json.Get("kwargs").IsObject())
            return arguments.GetArrayLength() == 0 ? json.Get("kwargs").GetRawText() : value;

        JsonElement inner = json.First(names);
        return inner.ValueKind == JsonValueKind.Undefined ? value : inner.TextOrJson();
    }

    private static void SetProperties(SpanFields fields, ReadSpan read)
    {
        foreach ((string key, AnyValue value) in fields.Under(Properties))
        {
            if (key is "session_id" or "thread_id" or "chat_id" or "conversation_id")
                read.SessionId ??= value.Text();
            else if (key is "user_id")
                read.UserId ??= value.Text();
            else
                read.Metadata.Add(new ReadField(key, value.ToField()));
        }
    }

    // Vector databases write one event for each result.
    private static void SetResults(SpanFields fields, ReadSpan read)
    {
        if (read.Documents.Count > 0)
            return;

        List<ReadDocument> documents = [];
        foreach (Span.Types.Event item in fields.Span.Events.Where(item => item.Name == "db.query.result").Take(ReadLimits.Items))
        {
            SpanFields result = fields.Of(item.Attributes);
            documents.Add(new ReadDocument(
                result.Text("db.query.result.id"), result.Text("db.query.result.document"),
                result.Number("db.query.result.score", "db.query.result.distance"),
                result.Text("db.query.result.metadata")));
        }

        if (documents.Count == 0)
            return;

        read.Documents = documents;
        read.KindFound ??= StepKind.Retriever;
    }
}
