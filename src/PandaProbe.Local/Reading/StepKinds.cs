namespace PandaProbe.Local.Reading;

/// <summary>Maps the words of all vocabularies for the kind of a span to <see cref="StepKind"/>.</summary>
internal static class StepKinds
{
    private static readonly string[] Names = ["OTHER", "TRACE", "LLM", "TOOL", "AGENT", "CHAIN", "RETRIEVER", "EMBEDDING"];

    public static string Name(StepKind kind) => Names[(int)kind];

    /// <summary>Returns the kind with PandaProbe's or OpenInference's name; <see langword="null"/> when no kind has it.</summary>
    public static StepKind? FromName(string? name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
                return (StepKind)i;
        }

        return null;
    }

    /// <summary>Returns the kind for an operation of the GenAI conventions, of older versions and of libraries that follow them.</summary>
    public static StepKind? FromOperation(string? operation) => operation switch
    {
        "chat" or "text_completion" or "generate_content" or "completion" or "generate" or "fetch_response" or "realtime" => StepKind.Llm,
        "embeddings" or "embedding" => StepKind.Embedding,
        "execute_tool" => StepKind.Tool,
        "invoke_agent" or "create_agent" => StepKind.Agent,
        "invoke_workflow" or "plan" or "agent_step" or "orchestrate_tools" => StepKind.Chain,
        "retrieval" or "rerank" or "search_memory" => StepKind.Retriever,
        // Semantic Kernel's names, for example chat.completions.
        { } other when other.StartsWith("chat.", StringComparison.Ordinal) || other.StartsWith("text.", StringComparison.Ordinal) =>
            StepKind.Llm,
        _ => null,
    };

    /// <summary>Whether a span of this kind is a call to a model.</summary>
    public static bool IsCall(this StepKind kind) => kind is StepKind.Llm or StepKind.Embedding;
}
