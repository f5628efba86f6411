namespace PandaProbe.Pricing;

/// <summary>The price of one kind of token, per million, or of a thousand requests; with what it becomes for long requests.</summary>
/// <param name="Base">The price until the first tier.</param>
/// <param name="Tiers">Sorted by where they start.</param>
internal sealed record Rate(decimal Base, RateTier[] Tiers)
{
    /// <summary>
    /// The price that <em>every</em> token of a request with that much input pays: crossing into a tier changes the whole request.
    /// </summary>
    internal decimal At(long inputTokens)
    {
        var price = Base;
        foreach (var tier in Tiers)
        {
            if (inputTokens <= tier.Start)
                break;
            price = tier.Price;
        }

        return price;
    }

    /// <summary>What so many tokens of a request cost.</summary>
    internal decimal Charge(long tokens, long inputTokens) => tokens * At(inputTokens) / 1_000_000m;
}
