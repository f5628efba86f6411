namespace PandaProbe.Pricing;

/// <summary>Holds an unvalidated price from JSON or configuration.</summary>
internal sealed class PriceEntry
{
    internal List<KeyValuePair<string, string>> Values { get; } = [];

    internal List<PriceEntry> Tiers { get; } = [];
}
