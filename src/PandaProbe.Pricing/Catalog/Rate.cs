namespace PandaProbe.Pricing;

/// <summary>Holds the price of a million tokens of one kind, or of a thousand requests, and its tiers for long requests.</summary>
/// <param name="Base">The price below the first tier.</param>
/// <param name="Tiers">The tiers, sorted by their start.</param>
internal sealed record Rate(decimal Base, RateTier[] Tiers)
{
    /// <summary>
    /// Returns the price of <em>every</em> token of a request with this many input tokens: a tier applies to the whole request.
    /// </summary>
    internal decimal At(long inputTokens)
    {
        decimal price = Base;
        foreach (RateTier tier in Tiers)
        {
            if (inputTokens <= tier.Start)
                break;
            price = tier.Price;
        }

        return price;
    }

    /// <summary>Returns the cost of a number of tokens of a request, in US dollars.</summary>
    internal decimal Charge(long tokens, long inputTokens) => tokens * At(inputTokens) / 1_000_000m;
}
