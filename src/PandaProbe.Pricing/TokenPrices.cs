namespace PandaProbe.Pricing;

/// <summary>
/// Prices in US dollars per million tokens, for a model or one of its tiers. Without a price of their own, cached, audio and image input is
/// charged at <see cref="Input"/>, and audio and image output at <see cref="Output"/>.
/// </summary>
public abstract class TokenPrices
{
    private readonly decimal?[] _prices = new decimal?[RateKinds.All.Length];

    private protected TokenPrices()
    {
    }

    /// <summary>Gets or sets the price of input without a more specific price.</summary>
    public decimal? Input { get => this[RateKind.Input]; set => this[RateKind.Input] = value; }

    /// <summary>Gets or sets the price of output without a more specific price, reasoning included.</summary>
    public decimal? Output { get => this[RateKind.Output]; set => this[RateKind.Output] = value; }

    /// <summary>
    /// Gets or sets the price of input read from a cache. <see langword="null"/>, the default, means <see cref="Input"/>.
    /// </summary>
    public decimal? CacheRead { get => this[RateKind.CacheRead]; set => this[RateKind.CacheRead] = value; }

    /// <summary>
    /// Gets or sets the price of input written to a cache. <see langword="null"/>, the default, means <see cref="Input"/>.
    /// </summary>
    public decimal? CacheWrite { get => this[RateKind.CacheWrite]; set => this[RateKind.CacheWrite] = value; }

    /// <summary>
    /// Gets or sets the price of input written to a cache for one hour. <see langword="null"/>, the default, means
    /// <see cref="CacheWrite"/>.
    /// </summary>
    public decimal? CacheWriteOneHour { get => this[RateKind.CacheWriteOneHour]; set => this[RateKind.CacheWriteOneHour] = value; }

    /// <summary>Gets or sets the price of audio input. <see langword="null"/>, the default, means <see cref="Input"/>.</summary>
    public decimal? AudioInput { get => this[RateKind.AudioInput]; set => this[RateKind.AudioInput] = value; }

    /// <summary>Gets or sets the price of audio output. <see langword="null"/>, the default, means <see cref="Output"/>.</summary>
    public decimal? AudioOutput { get => this[RateKind.AudioOutput]; set => this[RateKind.AudioOutput] = value; }

    /// <summary>
    /// Gets or sets the price of audio input read from a cache. <see langword="null"/>, the default, means <see cref="CacheRead"/>.
    /// </summary>
    public decimal? AudioCacheRead { get => this[RateKind.AudioCacheRead]; set => this[RateKind.AudioCacheRead] = value; }

    /// <summary>Gets or sets the price of image input. <see langword="null"/>, the default, means <see cref="Input"/>.</summary>
    public decimal? ImageInput { get => this[RateKind.ImageInput]; set => this[RateKind.ImageInput] = value; }

    /// <summary>Gets or sets the price of image output. <see langword="null"/>, the default, means <see cref="Output"/>.</summary>
    public decimal? ImageOutput { get => this[RateKind.ImageOutput]; set => this[RateKind.ImageOutput] = value; }

    internal decimal? this[RateKind kind]
    {
        get => _prices[(int)kind];
        set => _prices[(int)kind] = value;
    }
}
