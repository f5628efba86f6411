namespace PandaProbe.Pricing;

/// <summary>
/// Prices for long requests. Once a request has more than <see cref="AboveInputTokens"/> input tokens, <em>all</em> of its tokens are
/// charged at these prices. A price that is <see langword="null"/> stays what it was.
/// </summary>
public sealed class ModelPriceTier : TokenPrices
{
    /// <summary>The number of input tokens, cached ones included, up to which the tier does not apply.</summary>
    public long AboveInputTokens { get; set; }
}
