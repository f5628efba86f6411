namespace PandaProbe;

/// <summary>
/// Prices in US dollars per million tokens. What has no price of its own is charged at the price of what it is a part of: cached, audio
/// and image input at <see cref="Input"/>, audio and image output at <see cref="Output"/>.
/// </summary>
public class TokenPrices
{
    /// <summary>Input that has no more particular price.</summary>
    public decimal? Input { get; set; }

    /// <summary>Output that has no more particular price, reasoning included.</summary>
    public decimal? Output { get; set; }

    /// <summary>Input read from a cache.</summary>
    public decimal? CacheRead { get; set; }

    /// <summary>Input written to a cache.</summary>
    public decimal? CacheWrite { get; set; }

    /// <summary>Input written to a cache that keeps it for one hour; otherwise as <see cref="CacheWrite"/>.</summary>
    public decimal? CacheWriteOneHour { get; set; }

    /// <summary>Audio input.</summary>
    public decimal? AudioInput { get; set; }

    /// <summary>Audio output.</summary>
    public decimal? AudioOutput { get; set; }

    /// <summary>Audio input read from a cache; otherwise as <see cref="CacheRead"/>.</summary>
    public decimal? AudioCacheRead { get; set; }

    /// <summary>Image input.</summary>
    public decimal? ImageInput { get; set; }

    /// <summary>Image output.</summary>
    public decimal? ImageOutput { get; set; }
}
