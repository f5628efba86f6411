namespace PandaProbe.Pricing;

/// <summary>Holds an immutable copy of a <see cref="ModelPrice"/>.</summary>
internal sealed record CustomPrice(string? Provider, ModelMatch Match, string Model, DateOnly? Day, TokenRates Rates)
{
    internal static CustomPrice From(ModelPrice price)
    {
        string? provider = string.IsNullOrWhiteSpace(price.Provider) ? null : price.Provider.Trim().ToLowerInvariant();
        string model = price.Match == ModelMatch.Regex ? price.Model : price.Model.Trim().ToLowerInvariant();
        ModelPriceTier[] tiers = price.Tiers.OrderBy(tier => tier.AboveInputTokens).ToArray();

        List<KeyValuePair<RateKind, Rate>> rates = [];
        foreach (RateKind kind in RateKinds.All)
        {
            if (price[kind] is not { } amount)
                continue;

            // The price book stores the price of a thousand requests.
            IEnumerable<RateTier> steps = tiers.Where(tier => tier[kind] is not null)
                .Select(tier => new RateTier(tier.AboveInputTokens, tier[kind]!.Value));
            rates.Add(new(kind, new Rate(kind == RateKind.Request ? amount * 1000 : amount, [.. steps])));
        }

        return new CustomPrice(provider, price.Match, model, price.From, new TokenRates([.. rates]));
    }
}
