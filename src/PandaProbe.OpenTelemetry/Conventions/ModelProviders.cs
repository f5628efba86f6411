using System.Collections.Concurrent;
using PandaProbe.Pricing;

namespace PandaProbe.Conventions;

/// <summary>
/// Tells the provider of a model from the model's name, for callers that name none. The conventions require a provider, and most backends
/// need it for prices.
/// </summary>
internal static class ModelProviders
{
    private const int Capacity = 1024;

    // Names that the price book does not tell, or has no price for.
    private static readonly (string Prefix, string Provider)[] Prefixes =
    [
        ("ft:gpt-", "openai"), ("chatgpt-", "openai"), ("text-embedding-", "openai"), ("codex-", "openai"), ("davinci-", "openai"),
        ("embed-", "cohere"), ("rerank-", "cohere"), ("sonar", "perplexity"), ("amazon.", "aws.bedrock"), ("granite-", "ibm.watsonx.ai"),
    ];

    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);
    private static int _count;

    /// <summary>Returns the provider by OpenTelemetry's name; <see langword="null"/> when the model's name does not tell it.</summary>
    public static string? Of(string? model)
    {
        if (string.IsNullOrEmpty(model) || model.Length > PriceBook.MaxNameLength)
            return null;
        if (Known.TryGetValue(model, out string? provider))
            return provider;

        provider = Find(model.Trim().ToLowerInvariant());
        if (Volatile.Read(ref _count) < Capacity && Known.TryAdd(model, provider))
            Interlocked.Increment(ref _count);
        return provider;
    }

    private static string? Find(string model)
    {
        foreach ((string prefix, string provider) in Prefixes)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal))
                return provider;
        }

        return PriceCatalog.Current.ProviderOf(model);
    }
}
