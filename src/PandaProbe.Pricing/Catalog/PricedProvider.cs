namespace PandaProbe.Pricing;

/// <summary>Describes a provider in the price book.</summary>
/// <param name="Id">The provider's id in the price book.</param>
/// <param name="ProviderMatch">Matches other names of the provider.</param>
/// <param name="ModelMatch">Matches the provider's models when no provider is known.</param>
/// <param name="Fallbacks">The providers whose models it also sells.</param>
/// <param name="Models">The models, in matching order.</param>
internal sealed record PricedProvider(
    string Id, ModelPattern? ProviderMatch, ModelPattern? ModelMatch, string[] Fallbacks, PricedModel[] Models)
{
    internal PricedModel? Find(string model)
    {
        foreach (PricedModel candidate in Models)
        {
            if (candidate.Pattern.Matches(model))
                return candidate;
        }

        // A few entries have ids that their own pattern does not match.
        foreach (PricedModel candidate in Models)
        {
            if (candidate.Id == model)
                return candidate;
        }

        return null;
    }
}
