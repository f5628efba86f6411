namespace PandaProbe.Pricing;

/// <summary>
/// Prices for long requests. If a request has more than <see cref="AboveInputTokens"/> input tokens, <em>all</em> of its tokens are charged
/// at these prices. A price of <see langword="null"/> keeps the price of the tier below.
/// </summary>
public sealed class ModelPriceTier : TokenPrices
{
    /// <summary>Gets or sets the number of input tokens, cached ones included, that a request must exceed for the tier to apply.</summary>
    public long AboveInputTokens { get; set; }
}
