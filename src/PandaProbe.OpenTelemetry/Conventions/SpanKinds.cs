using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>Maps a <see cref="ProbeSpanKind"/> to the names that PandaProbe, OpenTelemetry and OpenInference use.</summary>
internal static class SpanKinds
{
    public const string Trace = "TRACE";
    public const string Llm = "LLM";
    public const string Embedding = "EMBEDDING";
    public const string Agent = "AGENT";
    public const string Chain = "CHAIN";
    public const string Tool = "TOOL";
    public const string Retriever = "RETRIEVER";

    // Semantic Kernel's names begin so, for example chat.completions.
    private const string KernelChat = "chat.";
    private const string KernelText = "text.";

    private static readonly string[] Names = ["OTHER", Llm, Tool, Agent, Chain, Retriever, Embedding];

    private static readonly string[] DefaultNames = ["span", "llm", "tool", "agent", "chain", "retriever", "embedding"];

    private static readonly string?[] Operations =
    [
        null, GenAI.Operation.Chat, GenAI.Operation.ExecuteTool, GenAI.Operation.InvokeAgent, GenAI.Operation.InvokeWorkflow,
        GenAI.Operation.Retrieval, GenAI.Operation.Embeddings,
    ];

    private static readonly string?[] NameTags = [null, null, GenAI.Tool.Name, GenAI.Agent.Name, GenAI.Workflow.Name, null, null];

    public static string Name(ProbeSpanKind kind) => Names[Index(kind)];

    /// <summary>Returns the name for a span without a name.</summary>
    public static string DefaultName(ProbeSpanKind kind) => DefaultNames[Index(kind)];

    public static string? Operation(ProbeSpanKind kind) => Operations[Index(kind)];

    /// <summary>Returns the attribute that repeats the span's name; <see langword="null"/> when the kind has none.</summary>
    public static string? NameTag(ProbeSpanKind kind) => NameTags[Index(kind)];

    /// <summary>Returns <c>Client</c> for calls that leave the process, as the conventions require.</summary>
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
        { } other when other.StartsWith(KernelChat, StringComparison.Ordinal) || other.StartsWith(KernelText, StringComparison.Ordinal) =>
            ProbeSpanKind.Llm,
        _ => null,
    };

    /// <summary>Returns the operation in the word of the conventions. A word that nobody defines stays.</summary>
    public static string? Standard(string? operation) =>
        operation is null ? null
        : operation.StartsWith(KernelChat, StringComparison.Ordinal) ? GenAI.Operation.Chat
        : operation.StartsWith(KernelText, StringComparison.Ordinal) ? GenAI.Operation.TextCompletion
        : operation;

    // An undefined value counts as Other.
    private static int Index(ProbeSpanKind kind) => (uint)kind < (uint)Names.Length ? (int)kind : 0;
}
