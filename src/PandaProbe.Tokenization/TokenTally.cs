namespace PandaProbe.Tokenization;

/// <summary>Adds up the tokens of a prompt's texts, exactly or as an estimate from the length of each.</summary>
internal struct TokenTally
{
    private static readonly (string Part, double CharsPerToken)[] Ratios =
    [
        ("claude", 3.5), ("anthropic", 3.5), ("llama", 3.3), ("meta", 3.3), ("gemini", 3.8), ("google", 3.8),
    ];

    private const double DefaultCharsPerToken = 4.0;

    private readonly Tokenizer? _tokenizer;
    private readonly TokenCountMethod _method;
    private readonly double _charsPerToken;
    private long _tokens;

    public TokenTally(string? model)
    {
        _method = Tokenizer.TryForModel(model, out _tokenizer) ? TokenCountMethod.Tiktoken
            : string.IsNullOrWhiteSpace(model) ? TokenCountMethod.Unspecified
            : TokenCountMethod.Estimated;
        _charsPerToken = CharsPerToken(model);
    }

    public readonly TokenCount Total => new((int)Math.Min(_tokens, int.MaxValue), _method);

    public void Add(int tokens) => _tokens += tokens;

    /// <summary>Adds a field of a message; null means the message lacks the field.</summary>
    public void Add(string? text)
    {
        if (text is not null)
            Add(text.AsSpan());
    }

    // An estimate is at least 1, so that no text counts as 0 for an unknown model.
    public void Add(ReadOnlySpan<char> text) =>
        _tokens += _tokenizer is not null ? _tokenizer.CountTokens(text) : Math.Max(1, (long)(text.Length / _charsPerToken));

    private static double CharsPerToken(string? model)
    {
        foreach ((string? part, double ratio) in Ratios)
        {
            if (model is not null && model.Contains(part, StringComparison.OrdinalIgnoreCase))
                return ratio;
        }

        return DefaultCharsPerToken;
    }
}
