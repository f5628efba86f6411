namespace PandaProbe;

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

    // Each field holds the count plus one, so that the zeroed struct says "unknown" everywhere.
    private readonly long _input;
    private readonly long _output;
    private readonly long _cacheRead;
    private readonly long _cacheWrite;
    private readonly long _cacheWriteOneHour;
    private readonly long _reasoning;
    private readonly long _audioInput;
    private readonly long _audioOutput;
    private readonly long _audioCacheRead;
    private readonly long _imageInput;
    private readonly long _imageOutput;

    private TokenUsage(in TokenUsageDraft draft)
    {
        _input = Pack(draft.Input);
        _output = Pack(draft.Output);
        _cacheRead = Pack(draft.CacheRead);
        _cacheWrite = Pack(draft.CacheWrite);
        _cacheWriteOneHour = Pack(draft.CacheWriteOneHour);
        _reasoning = Pack(draft.Reasoning);
        _audioInput = Pack(draft.AudioInput);
        _audioOutput = Pack(draft.AudioOutput);
        _audioCacheRead = Pack(draft.AudioCacheRead);
        _imageInput = Pack(draft.ImageInput);
        _imageOutput = Pack(draft.ImageOutput);
        Notes = draft.Notes;
    }

    /// <summary>All input tokens, cached ones included.</summary>
    public long? Input => Unpack(_input);

    /// <summary>All output tokens, reasoning included.</summary>
    public long? Output => Unpack(_output);

    /// <summary>Input tokens that were read from the provider's cache.</summary>
    public long? CacheRead => Unpack(_cacheRead);

    /// <summary>Input tokens that were written to the provider's cache.</summary>
    public long? CacheWrite => Unpack(_cacheWrite);

    /// <summary>The part of <see cref="CacheWrite"/> that was written with a lifetime of one hour.</summary>
    public long? CacheWriteOneHour => Unpack(_cacheWriteOneHour);

    /// <summary>Output tokens that the model spent on reasoning.</summary>
    public long? Reasoning => Unpack(_reasoning);

    /// <summary>Input tokens that are audio.</summary>
    public long? AudioInput => Unpack(_audioInput);

    /// <summary>Output tokens that are audio.</summary>
    public long? AudioOutput => Unpack(_audioOutput);

    /// <summary>Tokens that are both audio and read from the cache.</summary>
    public long? AudioCacheRead => Unpack(_audioCacheRead);

    /// <summary>Input tokens that are images.</summary>
    public long? ImageInput => Unpack(_imageInput);

    /// <summary>Output tokens that are images.</summary>
    public long? ImageOutput => Unpack(_imageOutput);

    /// <summary>What had to be corrected in the counts as they were given.</summary>
    public TokenUsageNotes Notes { get; }

    /// <summary>Input and output together; <see langword="null"/> when neither is known.</summary>
    public long? Total => _input == 0 && _output == 0 ? null : Sum(Input, Output);

    /// <summary>Whether no count is known at all.</summary>
    public bool IsEmpty => _input == 0 && _output == 0;

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
        var draft = new TokenUsageDraft
        {
            Input = input,
            Output = output,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            CacheWriteOneHour = cacheWriteOneHour,
            Reasoning = reasoning,
            AudioInput = audioInput,
            AudioOutput = audioOutput,
            AudioCacheRead = audioCacheRead,
            ImageInput = imageInput,
            ImageOutput = imageOutput,
        };
        return Inclusive(draft);
    }

    internal static TokenUsage Inclusive(TokenUsageDraft draft)
    {
        draft.RefuseImpossible();
        draft.FitPartsIntoTotals();
        return new TokenUsage(draft);
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
        var draft = new TokenUsageDraft
        {
            Input = input,
            Output = output,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            CacheWriteOneHour = cacheWriteOneHour,
            Reasoning = reasoning,
        };
        draft.RefuseImpossible();
        draft.FitOneHourIntoCacheWrite();
        draft.Input = Sum(Sum(draft.Input, draft.CacheRead), draft.CacheWrite);
        draft.FitPartsIntoTotals();
        return new TokenUsage(draft);
    }

    /// <summary>
    /// Adds the usage of another call. What is unknown on one side counts as nothing; unknown on both sides stays unknown.
    /// </summary>
    public TokenUsage Add(in TokenUsage other) => new(new TokenUsageDraft
    {
        Input = Sum(Input, other.Input),
        Output = Sum(Output, other.Output),
        CacheRead = Sum(CacheRead, other.CacheRead),
        CacheWrite = Sum(CacheWrite, other.CacheWrite),
        CacheWriteOneHour = Sum(CacheWriteOneHour, other.CacheWriteOneHour),
        Reasoning = Sum(Reasoning, other.Reasoning),
        AudioInput = Sum(AudioInput, other.AudioInput),
        AudioOutput = Sum(AudioOutput, other.AudioOutput),
        AudioCacheRead = Sum(AudioCacheRead, other.AudioCacheRead),
        ImageInput = Sum(ImageInput, other.ImageInput),
        ImageOutput = Sum(ImageOutput, other.ImageOutput),
        Notes = Notes | other.Notes,
    });

    /// <summary>
    /// The usage of the <em>same</em> call after a later report, as streams send them: what <paramref name="later"/> knows replaces what
    /// was known before.
    /// </summary>
    public TokenUsage UpdatedBy(in TokenUsage later)
    {
        var draft = new TokenUsageDraft
        {
            Input = later.Input ?? Input,
            Output = later.Output ?? Output,
            CacheRead = later.CacheRead ?? CacheRead,
            CacheWrite = later.CacheWrite ?? CacheWrite,
            CacheWriteOneHour = later.CacheWriteOneHour ?? CacheWriteOneHour,
            Reasoning = later.Reasoning ?? Reasoning,
            AudioInput = later.AudioInput ?? AudioInput,
            AudioOutput = later.AudioOutput ?? AudioOutput,
            AudioCacheRead = later.AudioCacheRead ?? AudioCacheRead,
            ImageInput = later.ImageInput ?? ImageInput,
            ImageOutput = later.ImageOutput ?? ImageOutput,
            Notes = Notes | later.Notes,
        };
        draft.FitPartsIntoTotals();
        return new TokenUsage(draft);
    }

    /// <inheritdoc cref="Add"/>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => left.Add(right);

    internal static long? Sum(long? left, long? right) =>
        left is null ? right : right is null ? left : left.Value > long.MaxValue - 1 - right.Value ? long.MaxValue - 1 : left + right;

    private static long Pack(long? count) => count is { } known ? known + 1 : 0;

    private static long? Unpack(long packed) => packed == 0 ? null : packed - 1;
}
