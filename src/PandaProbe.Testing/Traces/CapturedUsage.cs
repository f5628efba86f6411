namespace PandaProbe.Testing;

/// <summary>
/// Represents the token counts of a call or of several. Details are parts of the whole: input includes cached tokens, output includes
/// reasoning. A count that is not known is <see langword="null"/>.
/// </summary>
/// <param name="InputTokens">The tokens of the prompt.</param>
/// <param name="OutputTokens">The tokens of the answer.</param>
/// <param name="CacheReadTokens">The tokens of the prompt that the provider read from its cache.</param>
/// <param name="CacheCreationTokens">The tokens of the prompt that the provider wrote to its cache.</param>
/// <param name="ReasoningTokens">The tokens of the answer that the model thought and did not say.</param>
public sealed record CapturedUsage(
    long? InputTokens, long? OutputTokens, long? CacheReadTokens = null, long? CacheCreationTokens = null, long? ReasoningTokens = null)
{
    internal static readonly CapturedUsage None = new(null, null);

    /// <summary>Gets the sum of input and output; <see langword="null"/> when neither is known.</summary>
    public long? TotalTokens => Add(InputTokens, OutputTokens);

    internal static CapturedUsage Sum(IEnumerable<CapturedUsage> usages) => usages.Aggregate(None, (sum, next) => new(
        Add(sum.InputTokens, next.InputTokens), Add(sum.OutputTokens, next.OutputTokens),
        Add(sum.CacheReadTokens, next.CacheReadTokens), Add(sum.CacheCreationTokens, next.CacheCreationTokens),
        Add(sum.ReasoningTokens, next.ReasoningTokens)));

    private static long? Add(long? one, long? other) => one is null ? other : one + (other ?? 0);
}
