namespace PandaProbe.Pricing;

/// <summary>
/// The token counts of one model call, or the sum of several. <see cref="Input"/> and <see cref="Output"/> are totals, and every other
/// count is a part of one of them. <see langword="null"/> means unknown, not zero. In <c>default</c>, all counts are unknown.
/// </summary>
/// <remarks>
/// The counts are always consistent: cache reads and writes together do not exceed the input, reasoning does not exceed the output, and so
/// on. <see cref="Notes"/> lists the corrections made to the reported counts.
/// </remarks>
/// <example>
/// <code>
/// var openAi = TokenUsage.Inclusive(input: 1200, output: 80, cacheRead: 1024, reasoning: 20);
/// var anthropic = TokenUsage.Exclusive(input: 176, output: 80, cacheRead: 1024);   // the same 1200 input tokens
/// </code>
/// </example>
public readonly record struct TokenUsage
{
    /// <summary>The largest accepted count. A larger one becomes unknown.</summary>
    public const long MaxCount = 1_000_000_000_000;

    private readonly TokenCounts _counts;

    private TokenUsage(in TokenCounts counts, TokenUsageNotes notes)
    {
        _counts = counts;
        Notes = notes;
    }

    /// <summary>
    /// Gets the number of all input tokens, cached ones included. <see langword="null"/> if unknown, like every count here.
    /// </summary>
    public long? Input => _counts[TokenKind.Input];

    /// <summary>Gets the number of all output tokens, reasoning included.</summary>
    public long? Output => _counts[TokenKind.Output];

    /// <summary>Gets the number of input tokens read from the provider's cache.</summary>
    public long? CacheRead => _counts[TokenKind.CacheRead];

    /// <summary>Gets the number of input tokens written to the provider's cache.</summary>
    public long? CacheWrite => _counts[TokenKind.CacheWrite];

    /// <summary>Gets the part of <see cref="CacheWrite"/> with a lifetime of one hour.</summary>
    public long? CacheWriteOneHour => _counts[TokenKind.CacheWriteOneHour];

    /// <summary>Gets the number of reasoning tokens in the output.</summary>
    public long? Reasoning => _counts[TokenKind.Reasoning];

    /// <summary>Gets the number of audio tokens in the input.</summary>
    public long? AudioInput => _counts[TokenKind.AudioInput];

    /// <summary>Gets the number of audio tokens in the output.</summary>
    public long? AudioOutput => _counts[TokenKind.AudioOutput];

    /// <summary>Gets the number of audio tokens read from the cache.</summary>
    public long? AudioCacheRead => _counts[TokenKind.AudioCacheRead];

    /// <summary>Gets the number of image tokens in the input.</summary>
    public long? ImageInput => _counts[TokenKind.ImageInput];

    /// <summary>Gets the number of image tokens in the output.</summary>
    public long? ImageOutput => _counts[TokenKind.ImageOutput];

    /// <summary>Gets the corrections made to the reported counts.</summary>
    public TokenUsageNotes Notes { get; }

    /// <summary>Gets the sum of input and output; <see langword="null"/> if neither is known.</summary>
    public long? Total => TokenCounts.Sum(Input, Output);

    /// <summary>Gets whether neither input nor output is known.</summary>
    public bool IsEmpty => Input is null && Output is null;

    internal TokenCounts Counts => _counts;

    /// <summary>
    /// Creates usage from counts in the form of OpenAI, Gemini and most others: <paramref name="input"/> includes cached tokens.
    /// </summary>
    /// <param name="input">All input tokens.</param>
    /// <param name="output">All output tokens, reasoning included.</param>
    /// <param name="cacheRead">The part of the input that was read from a cache.</param>
    /// <param name="cacheWrite">The part of the input that was written to a cache.</param>
    /// <param name="cacheWriteOneHour">The part of <paramref name="cacheWrite"/> with a lifetime of one hour.</param>
    /// <param name="reasoning">The part of the output that is reasoning.</param>
    /// <param name="audioInput">The part of the input that is audio.</param>
    /// <param name="audioOutput">The part of the output that is audio.</param>
    /// <param name="audioCacheRead">The part of the cache reads that is audio.</param>
    /// <param name="imageInput">The part of the input that is images.</param>
    /// <param name="imageOutput">The part of the output that is images.</param>
    public static TokenUsage Inclusive(
        long? input = null, long? output = null, long? cacheRead = null, long? cacheWrite = null, long? cacheWriteOneHour = null,
        long? reasoning = null, long? audioInput = null, long? audioOutput = null, long? audioCacheRead = null, long? imageInput = null,
        long? imageOutput = null)
    {
        return Inclusive(new TokenCounts
        {
            [TokenKind.Input] = input,
            [TokenKind.Output] = output,
            [TokenKind.CacheRead] = cacheRead,
            [TokenKind.CacheWrite] = cacheWrite,
            [TokenKind.CacheWriteOneHour] = cacheWriteOneHour,
            [TokenKind.Reasoning] = reasoning,
            [TokenKind.AudioInput] = audioInput,
            [TokenKind.AudioOutput] = audioOutput,
            [TokenKind.AudioCacheRead] = audioCacheRead,
            [TokenKind.ImageInput] = imageInput,
            [TokenKind.ImageOutput] = imageOutput,
        });
    }

    internal static TokenUsage Inclusive(TokenCounts counts)
    {
        TokenUsageNotes notes = counts.RefuseImpossible() | counts.FitPartsIntoTotals();
        return new(counts, notes);
    }

    /// <summary>
    /// Creates usage from counts in Anthropic's form: <paramref name="input"/> excludes cached tokens, so cache reads and writes are added
    /// to it.
    /// </summary>
    /// <param name="input">Input tokens that were neither read from nor written to a cache.</param>
    /// <param name="output">All output tokens, thinking included.</param>
    /// <param name="cacheRead">Tokens read from a cache.</param>
    /// <param name="cacheWrite">Tokens written to a cache.</param>
    /// <param name="cacheWriteOneHour">The part of <paramref name="cacheWrite"/> with a lifetime of one hour.</param>
    /// <param name="reasoning">The part of the output that is thinking.</param>
    public static TokenUsage Exclusive(
        long? input = null, long? output = null, long? cacheRead = null, long? cacheWrite = null, long? cacheWriteOneHour = null,
        long? reasoning = null)
    {
        TokenCounts counts = new()
        {
            [TokenKind.Input] = input,
            [TokenKind.Output] = output,
            [TokenKind.CacheRead] = cacheRead,
            [TokenKind.CacheWrite] = cacheWrite,
            [TokenKind.CacheWriteOneHour] = cacheWriteOneHour,
            [TokenKind.Reasoning] = reasoning,
        };
        TokenUsageNotes notes = counts.RefuseImpossible() | counts.FitOneHourIntoCacheWrite();
        counts[TokenKind.Input] = TokenCounts.Sum(
            counts[TokenKind.Input], TokenCounts.Sum(counts[TokenKind.CacheRead], counts[TokenKind.CacheWrite]));
        notes |= counts.FitPartsIntoTotals();
        return new(counts, notes);
    }

    /// <summary>
    /// Adds the usage of another call. An unknown count is added as zero; if both are unknown, the sum is unknown.
    /// </summary>
    public TokenUsage Add(in TokenUsage other) => new(_counts.Add(other._counts), Notes | other.Notes);

    /// <summary>
    /// Updates the usage with a later report about the <em>same</em> call, as streams send them. Known counts of <paramref name="later"/>
    /// replace earlier ones.
    /// </summary>
    public TokenUsage UpdatedBy(in TokenUsage later)
    {
        TokenCounts counts = _counts;
        counts.Update(later._counts);
        TokenUsageNotes notes = Notes | later.Notes | counts.FitPartsIntoTotals();
        return new(counts, notes);
    }

    /// <inheritdoc cref="Add"/>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => left.Add(right);
}
