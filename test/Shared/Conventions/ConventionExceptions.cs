namespace PandaProbe.Conventions;

/// <summary>What spans and measurements have otherwise than the conventions, by name, and why.</summary>
internal static class ConventionExceptions
{
    private const string OlderName = "The library writes an older name. The current one stands beside it.";
    private const string OtherConvention = "MCP's own conventions define the calls of tools by a client and in a server.";

    public static readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal)
    {
        ["gen_ai.usage.cost"] = "The conventions define no cost. Langfuse and OpenLIT read this name: it is a bridge.",
    };

    public static readonly Dictionary<string, string> Metrics = new(StringComparer.Ordinal)
    {
        ["pandaprobe.client.operation.cost"] = "The conventions define no metric of cost.",
    };

    /// <summary>What other libraries do, on spans that this one completes, by the beginning of the source's name.</summary>
    private static readonly (string Source, string Fault, string Why)[] OfOthers =
    [
        ("Azure.AI.", "gen_ai.system is deprecated", OlderName),
        ("OpenAI.", "gen_ai.system is deprecated", OlderName),
        ("Microsoft.SemanticKernel", "gen_ai.system is deprecated", OlderName),
        ("Microsoft.SemanticKernel", "gen_ai.response.finish_reason is no attribute of the conventions", OlderName),
        ("Microsoft.SemanticKernel", "chat.completions is no operation of the conventions", "Its own tools look for this operation."),
        ("Experimental.ModelContextProtocol", "gen_ai.execute_tool.internal is a span of kind Client", OtherConvention),
        ("Experimental.ModelContextProtocol", "gen_ai.execute_tool.internal is a span of kind Server", OtherConvention),
    ];

    /// <summary>Whether another library answers for a fault.</summary>
    public static bool IsOfOthers(string source, string fault) =>
        OfOthers.Any(other => source.StartsWith(other.Source, StringComparison.Ordinal) && other.Fault == fault);

    /// <summary>
    /// Whether a required attribute may be missing: the provider, where neither the caller nor the model's name tells it. Any value would
    /// be invented.
    /// </summary>
    public static bool MayLack(string name, Dictionary<string, object?> tags) =>
        name is "gen_ai.provider.name" && ModelProviders.Of(tags.GetValueOrDefault("gen_ai.request.model") as string) is null;
}
