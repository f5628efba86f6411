namespace PandaProbe.Pricing;

/// <summary>
/// Prices in US dollars per million tokens. What has no price of its own is charged at the price of what it is a part of: cached, audio
/// and image input at <see cref="Input"/>, audio and image output at <see cref="Output"/>. What models and their tiers have in common.
/// </summary>
public abstract class TokenPrices
{
    private readonly decimal?[] _prices = new decimal?[RateKinds.All.Length];

    private protected TokenPrices()
    {
    }

    /// <summary>Input that has no more particular price.</summary>
    public decimal? Input { get => this[RateKind.Input]; set => this[RateKind.Input] = value; }

    /// <summary>Output that has no more particular price, reasoning included.</summary>
    public decimal? Output { get => this[RateKind.Output]; set => this[RateKind.Output] = value; }

    /// <summary>Input read from a cache.</summary>
    public decimal? CacheRead { get => this[RateKind.CacheRead]; set => this[RateKind.CacheRead] = value; }

    /// <summary>Input written to a cache.</summary>
    public decimal? CacheWrite { get => this[RateKind.CacheWrite]; set => this[RateKind.CacheWrite] = value; }

    /// <summary>Input written to a cache that keeps it for one hour; otherwise as <see cref="CacheWrite"/>.</summary>
    public decimal? CacheWriteOneHour { get => this[RateKind.CacheWriteOneHour]; set => this[RateKind.CacheWriteOneHour] = value; }

    /// <summary>Audio input.</summary>
    public decimal? AudioInput { get => this[RateKind.AudioInput]; set => this[RateKind.AudioInput] = value; }

    /// <summary>Audio output.</summary>
    public decimal? AudioOutput { get => this[RateKind.AudioOutput]; set => this[RateKind.AudioOutput] = value; }

    /// <summary>Audio input read from a cache; otherwise as <see cref="CacheRead"/>.</summary>
    public decimal? AudioCacheRead { get => this[RateKind.AudioCacheRead]; set => this[RateKind.AudioCacheRead] = value; }

    /// <summary>Image input.</summary>
    public decimal? ImageInput { get => this[RateKind.ImageInput]; set => this[RateKind.ImageInput] = value; }

    /// <summary>Image output.</summary>
    public decimal? ImageOutput { get => this[RateKind.ImageOutput]; set => this[RateKind.ImageOutput] = value; }

    internal decimal? this[RateKind kind]
    {
        get => _prices[(int)kind];
        set => _prices[(int)kind] = value;
    }
}
