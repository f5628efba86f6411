namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads what is cheap to read of vocabularies that are rare: kind, input and output of MLflow, Google ADK, Genkit, LangSmith and Laminar.
/// </summary>
internal static class OtherVocabularies
{
    public const string Name = "other";

    private static readonly string[] Kinds = ["mlflow.spanType", "lmnr.span.type", "langsmith.span.kind", "genkit:metadata:subtype",
        "genkit:type"];

    private static readonly string[] Inputs =
        ["mlflow.spanInputs", "gcp.vertex.agent.llm_request", "gcp.vertex.agent.tool_call_args", "genkit:input", "lmnr.span.input"];

    private static readonly string[] Outputs =
        ["mlflow.spanOutputs", "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_response", "genkit:output", "lmnr.span.output"];

    public static bool Speaks(SpanFields fields) =>
        fields.HasUnder("mlflow.") || fields.HasUnder("gcp.vertex.agent.") || fields.HasUnder("genkit:") || fields.HasUnder("lmnr.")
            || fields.HasUnder("langsmith.");

    public static void Read(SpanFields fields, ReadSpan read)
    {
        // MLflow writes all values as JSON, texts too.
        read.KindFound ??= fields.Text(Kinds)?.Trim('"').ToUpperInvariant() switch
        {
            "CHAT_MODEL" or "MODEL" => StepKind.Llm,
            "EMBEDDER" => StepKind.Embedding,
            "FLOW" or "WORKFLOW" => StepKind.Chain,
            "EXECUTOR" or "DEFAULT" => StepKind.Other,
            { } name => StepKinds.FromName(name),
            _ => fields.Has("gcp.vertex.agent.llm_request") ? StepKind.Llm : null,
        };
        read.InputValue ??= Content(fields.Text(Inputs));
        read.OutputValue ??= Content(fields.Text(Outputs));
        read.SessionId = fields.TextOr(
            read.SessionId, "langsmith.trace.session_id", "langsmith.metadata.thread_id", "gcp.vertex.agent.session_id",
            "lmnr.association.properties.session_id");
        read.UserId = fields.TextOr(read.UserId, "langsmith.metadata.user_id", "lmnr.association.properties.user_id");
        if (read.Kind == StepKind.Llm && LenientJson.Parse(read.InputValue) is { } request)
            read.RequestModel ??= request.Text("model");
    }

    // Google ADK writes an empty object where another attribute has the content.
    private static string? Content(string? value) => value is "{}" or "" ? null : value;
}
