namespace PandaProbe.Pricing;

/// <summary>A price that holds once a request has more than <paramref name="Start"/> input tokens.</summary>
internal readonly record struct RateTier(long Start, decimal Price);
