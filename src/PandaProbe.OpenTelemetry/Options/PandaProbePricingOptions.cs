using PandaProbe.Pricing;

namespace PandaProbe;

/// <summary>
/// Options of what model calls cost, in <see cref="PandaProbeOptions.Pricing"/> and the configuration section <c>PandaProbe:Pricing</c>.
/// </summary>
public sealed class PandaProbePricingOptions
{
    /// <summary>
    /// Gets or sets the prices that <see cref="Models"/>, <see cref="File"/> and configuration are added to. A call with known tokens gets
    /// a cost unless your code sets one. The default is <see cref="PriceBook.Default"/>. <see langword="null"/> computes no costs.
    /// </summary>
    public PriceBook? PriceBook { get; set; } = PriceBook.Default;

    /// <summary>
    /// Gets the prices given in code. They go before those of <see cref="File"/>, those before the configuration section
    /// <c>PandaProbe:Pricing:Models</c>, and all before <see cref="PriceBook"/>.
    /// </summary>
    public IList<ModelPrice> Models { get; } = [];

    /// <summary>
    /// Gets or sets the path of a JSON file with prices, in US dollars per million tokens. It is read again when it changes. While it is
    /// missing or not valid, the prices before it stay in force. The default is <see langword="null"/>, no file. Environment variable:
    /// <c>PANDAPROBE_PRICE_FILE</c>.
    /// </summary>
    /// <example>
    /// <code>
    /// { "models": [
    ///   { "model": "my-model", "input": 1.25, "output": 10, "cache_read": 0.125, "cache_write": 1.5 },
    ///   { "model": "my-model", "from": "2027-01-01", "input": 1, "output": 8 },
    ///   { "model": "gpt-5", "match": "prefix", "provider": "openai", "input": 1.25, "output": 10,
    ///     "tiers": [ { "above": 200000, "input": 2.5, "output": 15 } ] } ] }
    /// </code>
    /// </example>
    public string? File { get; set; }

    /// <summary>Gets or sets the time between two looks at <see cref="File"/> for changes. The default is 5 seconds.</summary>
    public TimeSpan FileCheckInterval { get; set; } = TimeSpan.FromSeconds(5);
}
