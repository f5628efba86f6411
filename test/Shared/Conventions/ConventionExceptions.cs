namespace PandaProbe.Conventions;

/// <summary>What this library does otherwise than the conventions, by name, and why.</summary>
internal static class ConventionExceptions
{
    public static readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal)
    {
        ["gen_ai.usage.cost"] = "The conventions define no cost. Langfuse and OpenLIT read this name: it is a bridge.",
    };

    public static readonly Dictionary<string, string> Metrics = new(StringComparer.Ordinal)
    {
        ["pandaprobe.client.operation.cost"] = "The conventions define no metric of cost.",
    };

    /// <summary>
    /// Whether a required attribute may be missing: the provider, where neither the caller nor the model's name tells it. Any value would
    /// be invented.
    /// </summary>
    public static bool MayLack(string name, Dictionary<string, object?> tags) =>
        name is "gen_ai.provider.name" && ModelProviders.Of(tags.GetValueOrDefault("gen_ai.request.model") as string) is null;
}
