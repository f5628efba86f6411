namespace PandaProbe.Pricing;

/// <summary>
/// The tokens of one model call, or of several added up. <see cref="Input"/> and <see cref="Output"/> are totals; every other count is a
/// part of one of them. <see langword="null"/> means that a count is not known, which is not the same as zero. <c>default</c> knows
/// nothing.
/// </summary>
/// <remarks>
/// Whatever a provider reports, the value is consistent: cache reads and writes fit together in the input, reasoning fits in the output,
/// and so on.
/// <see cref="Notes"/> says what had to be corrected to make it so.
/// </remarks>
/// <example>
/// <code>
/// var openAi = TokenUsage.Inclusive(input: 1200, output: 80, cacheRead: 1024, reasoning: 20);
/// var anthropic = TokenUsage.Exclusive(input: 176, output: 80, cacheRead: 1024);   // the same 1200 input tokens
/// </code>
/// </example>
public readonly record struct TokenUsage
{
    /// <summary>The largest count that is believed. Anything above it is refused.</summary>
    public const long MaxCount = 1_000_000_000_000;

    private readonly TokenCounts _counts;

    private TokenUsage(in TokenCounts counts, TokenUsageNotes notes)
    {
        _counts = counts;
        Notes = notes;
    }

    /// <summary>All input tokens, cached ones included.</summary>
    public long? Input => _counts[TokenKind.Input];

    /// <summary>All output tokens, reasoning included.</summary>
    public long? Output => _counts[TokenKind.Output];

    /// <summary>Input tokens that were read from the provider's cache.</summary>
    public long? CacheRead => _counts[TokenKind.CacheRead];

    /// <summary>Input tokens that were written to the provider's cache.</summary>
    public long? CacheWrite => _counts[TokenKind.CacheWrite];

    /// <summary>The part of <see cref="CacheWrite"/> that was written with a lifetime of one hour.</summary>
    public long? CacheWriteOneHour => _counts[TokenKind.CacheWriteOneHour];

    /// <summary>Output tokens that the model spent on reasoning.</summary>
    public long? Reasoning => _counts[TokenKind.Reasoning];

    /// <summary>Input tokens that are audio.</summary>
    public long? AudioInput => _counts[TokenKind.AudioInput];

    /// <summary>Output tokens that are audio.</summary>
    public long? AudioOutput => _counts[TokenKind.AudioOutput];

    /// <summary>Tokens that are both audio and read from the cache.</summary>
    public long? AudioCacheRead => _counts[TokenKind.AudioCacheRead];

    /// <summary>Input tokens that are images.</summary>
    public long? ImageInput => _counts[TokenKind.ImageInput];

    /// <summary>Output tokens that are images.</summary>
    public long? ImageOutput => _counts[TokenKind.ImageOutput];

    /// <summary>What had to be corrected in the counts as they were given.</summary>
    public TokenUsageNotes Notes { get; }

    /// <summary>Input and output together; <see langword="null"/> when neither is known.</summary>
    public long? Total => TokenCounts.Sum(Input, Output);

    /// <summary>Whether no count is known at all.</summary>
    public bool IsEmpty => Input is null && Output is null;

    internal TokenCounts Counts => _counts;

    /// <summary>Usage as OpenAI, Gemini and most others report it: <paramref name="input"/> includes cached tokens.</summary>
    /// <param name="input">All input tokens.</param>
    /// <param name="output">All output tokens, reasoning included.</param>
    /// <param name="cacheRead">The part of the input that was read from a cache.</param>
    /// <param name="cacheWrite">The part of the input that was written to a cache.</param>
    /// <param name="cacheWriteOneHour">The part of <paramref name="cacheWrite"/> that lives for one hour.</param>
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
    /// Usage as Anthropic reports it: <paramref name="input"/> excludes cached tokens, so cache reads and writes are added to it.
    /// </summary>
    /// <param name="input">Input tokens that were neither read from nor written to a cache.</param>
    /// <param name="output">All output tokens, thinking included.</param>
    /// <param name="cacheRead">Tokens read from a cache.</param>
    /// <param name="cacheWrite">Tokens written to a cache.</param>
    /// <param name="cacheWriteOneHour">The part of <paramref name="cacheWrite"/> that lives for one hour.</param>
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
        counts[TokenKind.Input] = TokenCounts.Sum(counts[TokenKind.Input], TokenCounts.Sum(counts[TokenKind.CacheRead], counts[TokenKind.CacheWrite]));
        notes |= counts.FitPartsIntoTotals();
        return new(counts, notes);
    }

    /// <summary>
    /// Adds the usage of another call. What is unknown on one side counts as nothing; unknown on both sides stays unknown.
    /// </summary>
    public TokenUsage Add(in TokenUsage other) => new(_counts.Add(other._counts), Notes | other.Notes);

    /// <summary>
    /// The usage of the <em>same</em> call after a later report, as streams send them: what <paramref name="later"/> knows replaces what
    /// was known before.
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
