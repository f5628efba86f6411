namespace PandaProbe.Pricing;

/// <summary>A price as it was written down, in JSON or in configuration: names and texts that nobody has looked at yet.</summary>
internal sealed class PriceEntry
{
    internal List<KeyValuePair<string, string>> Values { get; } = [];

    internal List<PriceEntry> Tiers { get; } = [];
}
