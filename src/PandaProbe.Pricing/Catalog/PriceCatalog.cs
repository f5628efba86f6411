using System.IO.Compression;

namespace PandaProbe.Pricing;

/// <summary>Holds the prices of this package and finds models in them.</summary>
internal sealed class PriceCatalog
{
    private static readonly Lazy<PriceCatalog> Embedded = new(LoadEmbedded);

    internal PriceCatalog(string version, PricedProvider[] providers)
    {
        Version = version;
        Providers = providers;
    }

    internal static PriceCatalog Current => Embedded.Value;

    internal string Version { get; }

    internal PricedProvider[] Providers { get; }

    /// <summary>
    /// Finds the model. Provider and model must be lower-cased. <paramref name="providerId"/> is compared with the providers of custom
    /// prices.
    /// </summary>
    internal PricedModel? Find(string? provider, string model, out string? providerId)
    {
        if (provider == "litellm" && model.IndexOf('/') is > 0 and var slash && FindProvider(model[..slash]) is not null)
        {
            provider = model[..slash];
            model = model[(slash + 1)..];
        }

        PricedProvider? found;
        if (provider is null)
        {
            found = FindProviderOf(model);
        }
        else
        {
            found = FindProvider(provider);
            if (found is null && ProviderNames.IsKnownToHaveNoPrices(provider))
            {
                providerId = provider;
                return null;
            }
        }

        providerId = found?.Id ?? provider;
        found ??= FindProviderOf(model);
        return found is null ? null : found.Find(model) ?? FindInFallbacks(found, model);
    }

    /// <summary>Returns the provider's id in the price book; if it has none, the lower-cased name.</summary>
    internal string IdOf(string provider)
    {
        string name = provider.Trim().ToLowerInvariant();
        return FindProvider(name)?.Id ?? name;
    }

    private PricedProvider? FindProvider(string name)
    {
        string id = ProviderNames.ToPriceBookId(name);
        if (ById(id) is { } exact)
            return exact;
        if (ProviderNames.IsKnownToHaveNoPrices(name))
            return null;

        foreach (PricedProvider provider in Providers)
        {
            if (provider.ProviderMatch?.Matches(id) == true)
                return provider;
        }

        return null;
    }

    private PricedProvider? FindProviderOf(string model)
    {
        foreach (PricedProvider provider in Providers)
        {
            if (provider.ModelMatch?.Matches(model) == true)
                return provider;
        }

        return null;
    }

    // Only one step: the fallbacks of a fallback are not sold by this provider.
    private PricedModel? FindInFallbacks(PricedProvider provider, string model)
    {
        foreach (string id in provider.Fallbacks)
        {
            if (ById(id)?.Find(model) is { } found)
                return found;
        }

        return null;
    }

    private PricedProvider? ById(string id)
    {
        foreach (PricedProvider provider in Providers)
        {
            if (provider.Id == id)
                return provider;
        }

        return null;
    }

    internal static PriceCatalog LoadEmbedded()
    {
        using Stream resource = typeof(PriceCatalog).Assembly.GetManifestResourceStream(PriceCatalogReader.ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {PriceCatalogReader.ResourceName}.");
        using var inflated = new DeflateStream(resource, CompressionMode.Decompress);
        using var buffer = new MemoryStream(64 * 1024);
        inflated.CopyTo(buffer);
        buffer.Position = 0;
        return PriceCatalogReader.Read(buffer);
    }
}
