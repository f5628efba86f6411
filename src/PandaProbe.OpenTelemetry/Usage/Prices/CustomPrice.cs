namespace PandaProbe.Usage;

/// <summary>An unchangeable copy of a user's <see cref="ModelPrice"/>.</summary>
internal sealed record CustomPrice(string? Provider, ModelMatch Match, string Model, DateOnly? Day, TokenRates Rates)
{
    internal static CustomPrice From(ModelPrice price)
    {
        var provider = string.IsNullOrWhiteSpace(price.Provider) ? null : price.Provider.Trim().ToLowerInvariant();
        var model = price.Match == ModelMatch.Regex ? price.Model : price.Model.Trim().ToLowerInvariant();
        var tiers = price.Tiers.OrderBy(tier => tier.AboveInputTokens).ToArray();

        List<KeyValuePair<RateKind, Rate>> rates = [];
        foreach (var kind in RateKinds.All)
        {
            if (kind == RateKind.Request)
            {
                if (price.PerRequest is { } perRequest)
                    rates.Add(new(kind, new Rate(perRequest * 1000, [])));
            }
            else if (kind.Of(price) is { } perMillion)
            {
                var steps = tiers
                    .Where(tier => kind.Of(tier) is not null)
                    .Select(tier => new RateTier(tier.AboveInputTokens, kind.Of(tier)!.Value));
                rates.Add(new(kind, new Rate(perMillion, [.. steps])));
            }
        }

        return new CustomPrice(provider, price.Match, model, price.From, new TokenRates([.. rates]));
    }
}
