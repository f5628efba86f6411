using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>The sources of AI libraries whose spans become PandaProbe spans without any code.</summary>
internal static class AISources
{
    public static readonly string[] Names =
    [
        "com.anthropic.sdk.csharp*",
        "Experimental.Microsoft.Extensions.AI*",
        "Experimental.Microsoft.Agents.AI*",
        "Microsoft.SemanticKernel*",
        "OpenAI.*",
        "Azure.AI.*",
        "Experimental.ModelContextProtocol*",
    ];

    public static bool Contains(ActivitySource source) =>
        Names.Any(name => source.Name.StartsWith(name.TrimEnd('*'), StringComparison.OrdinalIgnoreCase));
}
