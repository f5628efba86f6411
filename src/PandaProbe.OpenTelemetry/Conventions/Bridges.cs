namespace PandaProbe.Conventions;

/// <summary>
/// The attributes that no convention defines and that are written because backends read them. Always written is what several backends read
/// and what contradicts none; the others cost bytes that only one backend uses, and are switched on by name.
/// </summary>
internal static class Bridges
{
    public static readonly Bridge[] All =
    [
        new("metadata", ProbeDialects.None, "Phoenix, Opik, LangSmith, Datadog", BridgedFact.Metadata),
        new(GenAI.Usage.Cost, ProbeDialects.None, "Langfuse, OpenLIT", BridgedFact.Cost),

        // Not always: Langfuse takes each of these names for a further kind of tokens, and adds it to the sum.
        new("llm.token_count.prompt_details.cache_read", ProbeDialects.OpenInference, "Phoenix, Opik, Datadog", BridgedFact.CacheRead),
        new("llm.token_count.prompt_details.cache_write", ProbeDialects.OpenInference, "Phoenix, Opik, Datadog", BridgedFact.CacheWrite),
        new("llm.token_count.completion_details.reasoning", ProbeDialects.OpenInference, "Phoenix, Opik, Datadog", BridgedFact.Reasoning),
        new("embedding.embeddings.", ProbeDialects.OpenInference, "Phoenix, Arize", BridgedFact.EachEmbeddedText),

        new("langfuse.observation.completion_start_time", ProbeDialects.Langfuse, "Langfuse", BridgedFact.CompletionStart),
        new("langfuse.trace.metadata.", ProbeDialects.Langfuse, "Langfuse", BridgedFact.EachMetadataOfTrace),
        new("langfuse.observation.metadata.", ProbeDialects.Langfuse, "Langfuse", BridgedFact.EachMetadataOfSpan),
        new("langfuse.observation.cost_details", ProbeDialects.Langfuse, "Langfuse", BridgedFact.CostParts),

        new("lmnr.association.properties.session_id", ProbeDialects.Laminar, "Laminar", BridgedFact.Session),
        new("lmnr.association.properties.user_id", ProbeDialects.Laminar, "Laminar", BridgedFact.User),
        new("lmnr.association.properties.tags", ProbeDialects.Laminar, "Laminar", BridgedFact.Tags),
        new("lmnr.association.properties.metadata.", ProbeDialects.Laminar, "Laminar", BridgedFact.EachMetadata),

        new("langsmith.trace.session_id", ProbeDialects.LangSmith, "LangSmith", BridgedFact.Session),
        new("langsmith.metadata.thread_id", ProbeDialects.LangSmith, "LangSmith", BridgedFact.Session),
        new("langsmith.metadata.user_id", ProbeDialects.LangSmith, "LangSmith", BridgedFact.User),
        new("langsmith.span.tags", ProbeDialects.LangSmith, "LangSmith", BridgedFact.JoinedTags),

        new("mlflow.trace.session", ProbeDialects.MLflow, "MLflow", BridgedFact.Session),
        new("mlflow.trace.user", ProbeDialects.MLflow, "MLflow", BridgedFact.User),

        new("wandb.thread_id", ProbeDialects.Weave, "Weave", BridgedFact.Session),

        new("operation.cost", ProbeDialects.Logfire, "Logfire", BridgedFact.Cost),
    ];

    /// <param name="Name">The attribute, or the beginning of its name.</param>
    /// <param name="Dialect">What switches it on; <see cref="ProbeDialects.None"/> for what is always written.</param>
    /// <param name="ReadBy">The backends for which it exists.</param>
    /// <param name="Fact">What it says.</param>
    internal sealed record Bridge(string Name, ProbeDialects Dialect, string ReadBy, BridgedFact Fact);
}
