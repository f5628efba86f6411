namespace PandaProbe.Context;

/// <summary>The hosts that may get session, user and tags.</summary>
internal sealed class AllowedHosts(PandaProbePropagationOptions options)
{
    private static readonly string[] ModelProviders =
    [
        "openai.com", "openai.azure.com", "openai.azure.us", "openai.azure.cn", "services.ai.azure.com",
        "cognitiveservices.azure.com",
        "models.ai.azure.com", "models.github.ai", "inference.ai.azure.com", "anthropic.com", "claude.ai", "googleapis.com",
        "amazonaws.com",
        "mistral.ai", "cohere.com", "cohere.ai", "groq.com", "deepseek.com", "x.ai", "perplexity.ai", "openrouter.ai", "together.ai",
        "together.xyz", "fireworks.ai", "huggingface.co", "moonshot.ai", "moonshot.cn", "dashscope.aliyuncs.com", "replicate.com",
        "nvidia.com", "watsonx.ai", "ml.cloud.ibm.com", "cerebras.ai", "sambanova.ai", "voyageai.com", "jina.ai", "ai21.com",
    ];

    private readonly string[] _hosts = [.. options.Hosts.Select(Plain).Where(host => host.Length > 0)];

    public bool Contains(Uri? address)
    {
        if (address is not { IsAbsoluteUri: true })
            return false;

        string host = Plain(address.IdnHost);
        return _hosts.Any(allowed => IsWithin(host, allowed))
            && (options.IncludeModelProviders || !ModelProviders.Any(provider => IsWithin(host, provider)));
    }

    // Whole labels: badexample.com is not within example.com. An IP address is within itself only.
    private static bool IsWithin(string host, string suffix) =>
        host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
        && (host.Length == suffix.Length
            || (host[host.Length - suffix.Length - 1] == '.' && Uri.CheckHostName(host) == UriHostNameType.Dns));

    private static string Plain(string host) => host.Trim().Trim('.').TrimStart('[').TrimEnd(']');
}
