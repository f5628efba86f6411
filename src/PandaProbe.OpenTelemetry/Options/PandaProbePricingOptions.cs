using PandaProbe.Pricing;

namespace PandaProbe;

/// <summary>Prices of your own, which go before those that come with the package.</summary>
public sealed class PandaProbePricingOptions
{
    /// <summary>Prices given in code.</summary>
    public IList<ModelPrice> Models { get; } = [];

    /// <summary>
    /// A JSON file with prices, in US dollars per million tokens. It is read again when it changes; while it is missing or not valid, the
    /// prices before it stay in force.
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

    /// <summary>How often <see cref="File"/> is looked at for changes. Five seconds unless set.</summary>
    public TimeSpan FileCheckInterval { get; set; } = TimeSpan.FromSeconds(5);
}
