namespace PandaProbe.Pricing;

/// <summary>A provider in the price book.</summary>
/// <param name="Id">Its name in the price book.</param>
/// <param name="ProviderMatch">Recognises other names of the provider.</param>
/// <param name="ModelMatch">Recognises its models when no provider is known.</param>
/// <param name="Fallbacks">Whose models it sells as well.</param>
/// <param name="Models">In the order in which they are tried.</param>
internal sealed record PricedProvider(
    string Id, ModelPattern? ProviderMatch, ModelPattern? ModelMatch, string[] Fallbacks, PricedModel[] Models)
{
    internal PricedModel? Find(string model)
    {
        foreach (var candidate in Models)
        {
            if (candidate.Pattern.Matches(model))
                return candidate;
        }

        // A few entries are known by names that their own pattern does not cover.
        foreach (var candidate in Models)
        {
            if (candidate.Id == model)
                return candidate;
        }

        return null;
    }
}
