using System.Globalization;

namespace PandaProbe.Pricing;

/// <summary>
/// What a model call costs, in US dollars. The parts do not overlap: <see cref="Input"/> is what the input cost beside the cached, audio
/// and image tokens that have a price of their own, and all parts together are <see cref="Total"/>.
/// </summary>
public readonly record struct Cost
{
    /// <summary>Everything together.</summary>
    public decimal Total { get; internal init; }

    /// <summary>Input at the ordinary price.</summary>
    public decimal Input { get; internal init; }

    /// <summary>Output at the ordinary price, reasoning included.</summary>
    public decimal Output { get; internal init; }

    /// <summary>Input read from a cache, audio included.</summary>
    public decimal CacheRead { get; internal init; }

    /// <summary>Input written to a cache.</summary>
    public decimal CacheWrite { get; internal init; }

    /// <summary>Audio input at the price of audio.</summary>
    public decimal AudioInput { get; internal init; }

    /// <summary>Audio output at the price of audio.</summary>
    public decimal AudioOutput { get; internal init; }

    /// <summary>Image input at the price of images.</summary>
    public decimal ImageInput { get; internal init; }

    /// <summary>Image output at the price of images.</summary>
    public decimal ImageOutput { get; internal init; }

    /// <summary>What is charged for the request itself.</summary>
    public decimal Request { get; internal init; }

    /// <summary>Which prices were used: the date of the price book, or <c>custom</c> for prices of your own.</summary>
    public string? PriceVersion { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Total.ToString("0.############ USD", CultureInfo.InvariantCulture);
}
