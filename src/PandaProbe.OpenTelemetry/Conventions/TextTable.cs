using System.Collections.Frozen;
using static PandaProbe.Conventions.TextPlace;

namespace PandaProbe.Conventions;

/// <summary>
/// Every text that can leave the process. The kind of a row says what masking, <see cref="PandaProbeOptions.CaptureContent"/> and
/// <see cref="PandaProbeOptions.Redact"/> do to it. A test compares the table with the constants of this folder and with the public API.
/// Names of sources, their versions and the trace state are chosen by code and are not in it.
/// </summary>
internal static class TextTable
{
    public const string SpanName = "name of a span";
    public const string Status = "description of a status";
    public const string EventName = "name of an event";
    public const string LinkAttribute = "attribute of a link";
    public const string Resource = "attribute of the resource";
    public const string ScoreName = "name of a score";
    public const string ScoreValue = "value of a score";
    public const string ScoreReason = "reason of a score";
    public const string ScoreMetadata = "metadata of a score";
    public const string LogEvent = "log event";
    public const string SpoolFile = "spool file";
    public const string Viewer = "local viewer";
    public const string OtherAttribute = "any other attribute";

    public static readonly TextRow[] All =
    [
        new(SpanName, Part, TextKind.Label, "StartTrace.name", "StartSpan.name", "Trace.name", "TraceAsync.name", "Span.name",
            "SpanAsync.name", "StartLlmSpan.name", "StartLlmSpanWithTokens.name", "ProbeTraceAttribute.name", "ProbeSpanAttribute.name"),
        new(Status, Part, TextKind.Error, "SetError.error"),
        new(EventName, Part, TextKind.Label),
        new(LinkAttribute, Part, TextKind.Unknown),
        new(Resource, Part, TextKind.Label),
        new(ScoreName, Part, TextKind.Label, "Score.name"),
        new(ScoreValue, Part, TextKind.Label, "Score.value"),
        new(ScoreReason, Part, TextKind.Error, "Score.reason"),
        new(ScoreMetadata, Part, TextKind.Label, "Score.metadata"),
        new(OtherAttribute, Part, TextKind.Unknown),

        // What carries the other rows.
        new(LogEvent, Carrier, TextKind.Unknown),
        new(SpoolFile, Carrier, TextKind.Unknown),
        new(Viewer, Carrier, TextKind.Unknown),

        // What users, models and tools said.
        new(GenAI.Input.Messages, TextPlace.Attribute, TextKind.Content, "SetInput.text", "SetInput.texts", "SetInput.messages",
            "SetInput.value", "StartTrace.input", "Trace.input", "TraceAsync.input",
            "StartLlmSpanWithTokens.prompt", "System.content", "System.parts", "User.content",
            "User.parts", "ProbeMessage.Content", "ProbeMessage.Role", "ProbeMessage.Name", "ProbeMessage.Parts", "Text.text",
            "Image.uri", "Image.mimeType", "Image.bytes", "File.id", "File.uri", "File.mimeType", "File.bytes"),
        new(GenAI.Output.Messages, TextPlace.Attribute, TextKind.Content, "SetOutput.text", "SetOutput.texts", "SetOutput.messages",
            "SetOutput.value", "Assistant.content", "Assistant.parts", "Reasoning.text", "Observe.stream"),
        new(GenAI.SystemInstructions, TextPlace.Attribute, TextKind.Content),
        new(General.Input.Value, TextPlace.Attribute, TextKind.Content),
        new(General.Output.Value, TextPlace.Attribute, TextKind.Content),
        new(GenAI.Tool.Definitions, TextPlace.Attribute, TextKind.Content),
        new(GenAI.Tool.Call.Arguments, TextPlace.Attribute, TextKind.Content, "ToolCall.id", "ToolCall.name", "ToolCall.arguments"),
        new(GenAI.Tool.Call.Result, TextPlace.Attribute, TextKind.Content, "ToolResult.id", "ToolResult.result", "Tool.callId",
            "Tool.result", "Tool.content"),
        new(GenAI.Retrieval.QueryText, TextPlace.Attribute, TextKind.Content),
        new(GenAI.Retrieval.Documents, TextPlace.Attribute, TextKind.Content, "SetDocuments.documents", "ProbeDocument.content",
            "ProbeDocument.id", "ProbeDocument.Metadata"),
        new(General.OpenInference.DocumentPrefix, Prefix, TextKind.Content),
        new("embedding.embeddings.", Prefix, TextKind.Content),
        new("gen_ai.prompt", Prefix, TextKind.Content),
        new("gen_ai.completion", Prefix, TextKind.Content),
        new("llm.input_messages.", Prefix, TextKind.Content),
        new("llm.output_messages.", Prefix, TextKind.Content),
        new("llm.prompts", Prefix, TextKind.Content),
        new("llm.completions", Prefix, TextKind.Content),
        new("llm.prompt_template.variables", Prefix, TextKind.Content),
        new("reranker.query", Prefix, TextKind.Content),
        new("reranker.input_documents", Prefix, TextKind.Content),
        new("reranker.output_documents", Prefix, TextKind.Content),
        new("traceloop.entity.input", Prefix, TextKind.Content),
        new("traceloop.entity.output", Prefix, TextKind.Content),

        // What went wrong, or how it was judged.
        new(General.Exception.Message, TextPlace.Attribute, TextKind.Error, "RecordException.exception"),
        new(General.Exception.StackTrace, TextPlace.Attribute, TextKind.Error),
        new(GenAI.Evaluation.Explanation, TextPlace.Attribute, TextKind.Error),

        // What the application calls things.
        new(General.SessionId, TextPlace.Attribute, TextKind.Label, "StartTrace.sessionId", "Trace.sessionId", "TraceAsync.sessionId",
            "Session.id", "SetSession.id", "ProbeTraceAttribute.SessionId", "StartLlmSpan.sessionId", "StartLlmSpanWithTokens.sessionId"),
        new(GenAI.Conversation.Id, TextPlace.Attribute, TextKind.Label),
        new(General.UserId, TextPlace.Attribute, TextKind.Label, "StartTrace.userId", "Trace.userId", "TraceAsync.userId", "User.id",
            "SetUser.id", "ProbeTraceAttribute.UserId", "StartLlmSpan.userId", "StartLlmSpanWithTokens.userId"),
        new(General.Tags, TextPlace.Attribute, TextKind.Label, "StartTrace.tags", "SetTags.tags", "ProbeTraceAttribute.Tags"),
        new(Pandaprobe.Metadata.Prefix, Prefix, TextKind.Label, "StartTrace.metadata", "StartSpan.metadata", "StartLlmSpan.metadata",
            "SetMetadata.metadata", "SetMetadata.key", "SetMetadata.value", "StartLlmSpanWithTokens.metadata"),
        new(Pandaprobe.Metadata.ReasoningSummary, TextPlace.Attribute, TextKind.Content),
        new(Pandaprobe.ModelParameters.Prefix, Prefix, TextKind.Label, "SetModelParameters.parameters"),
        new(Pandaprobe.Usage.Prefix, Prefix, TextKind.Label, "SetTokenUsage.details"),
        new(Pandaprobe.Cost.Prefix, Prefix, TextKind.Label, "SetCost.parts"),
        new(GenAI.Request.Model, TextPlace.Attribute, TextKind.Label, "StartSpan.model", "Span.model", "SpanAsync.model",
            "StartLlmSpan.model", "StartLlmSpanWithTokens.model", "SetModel.model", "ProbeSpanAttribute.Model"),
        new(GenAI.Response.Model, TextPlace.Attribute, TextKind.Label, "SetResponseModel.model"),
        new(GenAI.ProviderName, TextPlace.Attribute, TextKind.Label, "StartSpan.provider", "StartLlmSpan.provider",
            "StartLlmSpanWithTokens.provider", "SetProvider.provider", "ProbeSpanAttribute.Provider"),
        new(GenAI.Response.FinishReasons, TextPlace.Attribute, TextKind.Label, "SetFinishReason.reason"),
        new("gen_ai.request.", Prefix, TextKind.Label),
        new("gen_ai.response.", Prefix, TextKind.Label),
        new("gen_ai.usage.", Prefix, TextKind.Label),
        new("gen_ai.embeddings.", Prefix, TextKind.Label),
        new("gen_ai.evaluation.", Prefix, TextKind.Label),
        new(GenAI.OperationName, TextPlace.Attribute, TextKind.Label),
        new(GenAI.System, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Agent.Name, TextPlace.Attribute, TextKind.Label),
        new("gen_ai.agent.id", TextPlace.Attribute, TextKind.Label),
        new(GenAI.Workflow.Name, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Output.Type, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Token.Type, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Tool.Name, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Tool.Type, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Tool.Description, TextPlace.Attribute, TextKind.Label),
        new(GenAI.Tool.Call.Id, TextPlace.Attribute, TextKind.Label),
        new("gen_ai.prompt.name", TextPlace.Attribute, TextKind.Label),
        new("gen_ai.prompt.version", TextPlace.Attribute, TextKind.Label),
        new(General.ErrorType, TextPlace.Attribute, TextKind.Label),
        new(General.Exception.Type, TextPlace.Attribute, TextKind.Label),
        new(General.Input.MimeType, TextPlace.Attribute, TextKind.Label),
        new(General.Output.MimeType, TextPlace.Attribute, TextKind.Label),
        new(General.OpenInference.SpanKind, TextPlace.Attribute, TextKind.Label),
        new("pandaprobe.", Prefix, TextKind.Label),
        new(Pandaprobe.Safety.HasPersonalData, TextPlace.Attribute, TextKind.Label),
        new(Pandaprobe.Safety.IsInjection, TextPlace.Attribute, TextKind.Label),
        new("openai.", Prefix, TextKind.Label),
        new("server.", Prefix, TextKind.Label),
        new("service.", Prefix, TextKind.Label, "StartLlmSpan.serviceName", "StartLlmSpanWithTokens.serviceName"),
        new("deployment.", Prefix, TextKind.Label),

        // Attributes for other backends.
        new("metadata", TextPlace.Attribute, TextKind.Label),
        new("llm.token_count.", Prefix, TextKind.Label),
        new("langfuse.observation.completion_start_time", TextPlace.Attribute, TextKind.Label),
        new("langfuse.observation.metadata.", Prefix, TextKind.Label),
        new("langfuse.observation.cost_details", TextPlace.Attribute, TextKind.Label),
        new("langfuse.trace.metadata.", Prefix, TextKind.Label),
        new("lmnr.association.properties.", Prefix, TextKind.Label),
        new("langsmith.trace.session_id", TextPlace.Attribute, TextKind.Label),
        new("langsmith.metadata.", Prefix, TextKind.Label),
        new("langsmith.span.tags", TextPlace.Attribute, TextKind.Label),
        new("mlflow.trace.session", TextPlace.Attribute, TextKind.Label),
        new("mlflow.trace.user", TextPlace.Attribute, TextKind.Label),
        new("wandb.thread_id", TextPlace.Attribute, TextKind.Label),
        new("operation.cost", TextPlace.Attribute, TextKind.Label),

        // What other libraries are known to call things.
        new("anthropic.message.stop_reason", TextPlace.Attribute, TextKind.Label),
        new("anthropic.message.service_tier", TextPlace.Attribute, TextKind.Label),
        new("llm.model_name", TextPlace.Attribute, TextKind.Label),
        new("llm.provider", TextPlace.Attribute, TextKind.Label),
        new("llm.system", TextPlace.Attribute, TextKind.Label),
        new("llm.invocation_parameters", TextPlace.Attribute, TextKind.Label),
        new("llm.request.type", TextPlace.Attribute, TextKind.Label),
        new("embedding.model_name", TextPlace.Attribute, TextKind.Label),
        new("reranker.model_name", TextPlace.Attribute, TextKind.Label),
        new("traceloop.span.kind", TextPlace.Attribute, TextKind.Label),
        new("traceloop.workflow.name", TextPlace.Attribute, TextKind.Label),
        new("traceloop.entity.name", TextPlace.Attribute, TextKind.Label),
        new("traceloop.entity.path", TextPlace.Attribute, TextKind.Label),
        new("tool.name", TextPlace.Attribute, TextKind.Label),
        new("az.namespace", TextPlace.Attribute, TextKind.Label),
        new("http.request.method", TextPlace.Attribute, TextKind.Label),
        new("network.", Prefix, TextKind.Label),
        new("telemetry.sdk.", Prefix, TextKind.Label),
    ];

    private static readonly FrozenDictionary<string, TextRow> ByName =
        All.Where(static row => row.Where == TextPlace.Attribute).ToFrozenDictionary(static row => row.Name, StringComparer.Ordinal);

    private static readonly TextRow Other = All.First(static row => row.Name == OtherAttribute);

    // By the first letter; the longest beginning first.
    private static readonly FrozenDictionary<char, TextRow[]> ByPrefix = All.Where(static row => row.Where == Prefix)
        .GroupBy(static row => row.Name[0])
        .ToFrozenDictionary(
            static rows => rows.Key, static rows => rows.OrderByDescending(static row => row.Name.Length).ToArray());

    /// <summary>The row of an attribute.</summary>
    public static TextRow RowOf(string attribute)
    {
        if (ByName.TryGetValue(attribute, out TextRow? known))
            return known;

        if (attribute.Length > 0 && ByPrefix.TryGetValue(attribute[0], out TextRow[]? rows))
        {
            foreach (TextRow row in rows)
            {
                // Most names differ in the last letter of the prefix, which is quick to compare.
                if (attribute.Length >= row.Name.Length && attribute[row.Name.Length - 1] == row.Name[^1]
                    && attribute.StartsWith(row.Name, StringComparison.Ordinal))
                {
                    return row;
                }
            }
        }

        return Other;
    }

    public static TextKind KindOf(string attribute) => RowOf(attribute).Kind;
}
