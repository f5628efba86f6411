using System.Globalization;

namespace PandaProbe.Pricing;

/// <summary>
/// The cost of a model call, in US dollars. The parts do not overlap: <see cref="Input"/> excludes cached, audio and image tokens with a
/// price of their own. <see cref="Total"/> is the sum of all parts.
/// </summary>
public readonly record struct Cost
{
    /// <summary>Gets the total cost, in US dollars.</summary>
    public decimal Total { get; internal init; }

    /// <summary>Gets the cost of input at the ordinary price.</summary>
    public decimal Input { get; internal init; }

    /// <summary>Gets the cost of output at the ordinary price, reasoning included.</summary>
    public decimal Output { get; internal init; }

    /// <summary>Gets the cost of input read from a cache, audio included.</summary>
    public decimal CacheRead { get; internal init; }

    /// <summary>Gets the cost of input written to a cache.</summary>
    public decimal CacheWrite { get; internal init; }

    /// <summary>Gets the cost of audio input at the price of audio.</summary>
    public decimal AudioInput { get; internal init; }

    /// <summary>Gets the cost of audio output at the price of audio.</summary>
    public decimal AudioOutput { get; internal init; }

    /// <summary>Gets the cost of image input at the price of images.</summary>
    public decimal ImageInput { get; internal init; }

    /// <summary>Gets the cost of image output at the price of images.</summary>
    public decimal ImageOutput { get; internal init; }

    /// <summary>Gets the cost of compacting the conversation before the answer.</summary>
    public decimal Compaction { get; internal init; }

    /// <summary>Gets the charge for web searches that the provider ran.</summary>
    public decimal WebSearch { get; internal init; }

    /// <summary>Gets the charge per request.</summary>
    public decimal Request { get; internal init; }

    /// <summary>Gets the version of the prices: the date of the price book, or <c>custom</c> for your own prices.</summary>
    public string? PriceVersion { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Total.ToString("0.############ USD", CultureInfo.InvariantCulture);
}
