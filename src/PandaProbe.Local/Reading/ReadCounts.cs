using PandaProbe.Pricing;

namespace PandaProbe.Local.Reading;

/// <summary>The token counts of a span as its vocabularies report them, before their different meanings are settled.</summary>
internal sealed class ReadCounts
{
    public long? Input { get; set; }

    public long? Output { get; set; }

    public long? CacheRead { get; set; }

    public long? CacheWrite { get; set; }

    public long? CacheWriteOneHour { get; set; }

    public long? Reasoning { get; set; }

    public long? AudioInput { get; set; }

    public long? AudioOutput { get; set; }

    public long? AudioCacheRead { get; set; }

    public long? ImageInput { get; set; }

    public long? ImageOutput { get; set; }

    /// <summary>Gets or sets the sum, for reporters that know nothing else.</summary>
    public long? Total { get; set; }

    public TokenUsage ToUsage()
    {
        long? input = Input ?? (
            Total is { } total && Output is { } output && total >= output ? total - output : Output is null ? Total : null);

        // Anthropic counts cached tokens apart from the input. An input that is smaller than its own parts was counted so.
        if (input is { } known && Valid(CacheRead) + Valid(CacheWrite) > known && AudioInput is null)
            return TokenUsage.Exclusive(input, Output, CacheRead, CacheWrite, CacheWriteOneHour, Reasoning);

        return TokenUsage.Inclusive(
            input, Output, CacheRead, CacheWrite, CacheWriteOneHour, Reasoning, AudioInput, AudioOutput, AudioCacheRead, ImageInput,
            ImageOutput);
    }

    private static long Valid(long? count) => count is >= 0 and <= TokenUsage.MaxCount ? count.Value : 0;
}
