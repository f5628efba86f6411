namespace PandaProbe.Pricing;

/// <summary>Lists the counts of a <see cref="TokenUsage"/>.</summary>
internal enum TokenKind
{
    Input,
    Output,
    CacheRead,
    CacheWrite,
    CacheWriteOneHour,
    Reasoning,
    AudioInput,
    AudioOutput,
    AudioCacheRead,
    ImageInput,
    ImageOutput,
    CompactionInput,
    CompactionOutput,
    WebSearches,
}
