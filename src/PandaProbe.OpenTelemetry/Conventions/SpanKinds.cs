using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>How a <see cref="ProbeSpanKind"/> is written in each of the vocabularies that are read by backends.</summary>
internal static class SpanKinds
{
    public const string Trace = "TRACE";
    public const string Llm = "LLM";
    public const string Embedding = "EMBEDDING";

    private static readonly string[] Names = ["OTHER", Llm, "TOOL", "AGENT", "CHAIN", "RETRIEVER", Embedding];

    private static readonly string[] DefaultNames = ["span", "llm", "tool", "agent", "chain", "retriever", "embedding"];

    private static readonly string?[] Operations =
    [
        null, GenAI.Operation.Chat, GenAI.Operation.ExecuteTool, GenAI.Operation.InvokeAgent, GenAI.Operation.InvokeWorkflow,
        GenAI.Operation.Retrieval, GenAI.Operation.Embeddings,
    ];

    private static readonly string?[] NameTags = [null, null, GenAI.Tool.Name, GenAI.Agent.Name, GenAI.Workflow.Name, null, null];

    public static string Name(ProbeSpanKind kind) => Names[Index(kind)];

    /// <summary>What a span without a name is called.</summary>
    public static string DefaultName(ProbeSpanKind kind) => DefaultNames[Index(kind)];

    public static string? Operation(ProbeSpanKind kind) => Operations[Index(kind)];

    /// <summary>The attribute that repeats the span's name for this kind, if there is one.</summary>
    public static string? NameTag(ProbeSpanKind kind) => NameTags[Index(kind)];

    /// <summary>Calls that leave the process are clients, as the conventions have it.</summary>
    public static ActivityKind ActivityKind(ProbeSpanKind kind) =>
        kind is ProbeSpanKind.Llm or ProbeSpanKind.Embedding or ProbeSpanKind.Retriever
            ? System.Diagnostics.ActivityKind.Client
            : System.Diagnostics.ActivityKind.Internal;

    public static bool TryParse(string? name, out ProbeSpanKind kind)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                kind = (ProbeSpanKind)i;
                return true;
            }
        }

        kind = ProbeSpanKind.Other;
        return false;
    }

    public static ProbeSpanKind? FromOperation(string? operation) => operation switch
    {
        GenAI.Operation.Chat or GenAI.Operation.TextCompletion or GenAI.Operation.GenerateContent => ProbeSpanKind.Llm,
        GenAI.Operation.ExecuteTool => ProbeSpanKind.Tool,
        GenAI.Operation.InvokeAgent or GenAI.Operation.CreateAgent => ProbeSpanKind.Agent,
        GenAI.Operation.InvokeWorkflow or GenAI.Operation.OrchestrateTools => ProbeSpanKind.Chain,
        GenAI.Operation.Retrieval => ProbeSpanKind.Retriever,
        GenAI.Operation.Embeddings => ProbeSpanKind.Embedding,
        // Semantic Kernel's names, and whatever else is like them.
        { } other when other.StartsWith("chat.", StringComparison.Ordinal) || other.StartsWith("text.", StringComparison.Ordinal) => ProbeSpanKind.Llm,
        _ => null,
    };

    // A kind that a caller cast from a wild integer is just another kind of "other".
    private static int Index(ProbeSpanKind kind) => (uint)kind < (uint)Names.Length ? (int)kind : 0;
}
