namespace PandaProbe.Pricing;

/// <summary>Holds the price of requests with more than <paramref name="Start"/> input tokens.</summary>
internal readonly record struct RateTier(long Start, decimal Price);
