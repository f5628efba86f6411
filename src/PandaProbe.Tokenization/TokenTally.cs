namespace PandaProbe.Tokenization;

/// <summary>Adds up the tokens of a prompt's texts: exactly, or from their length all together.</summary>
internal struct TokenTally
{
    private static readonly (string Part, double CharsPerToken)[] Ratios =
    [
        ("claude", 3.5), ("anthropic", 3.5), ("llama", 3.3), ("meta", 3.3), ("gemini", 3.8), ("google", 3.8),
    ];

    private const double DefaultCharsPerToken = 4.0;

    private readonly Tokenizer? _tokenizer;
    private readonly string? _model;
    private long _tokens;
    private long _chars;

    public TokenTally(string? model)
    {
        _model = model;
        Tokenizer.TryForModel(model, out _tokenizer);
    }

    public readonly TokenCount Total
    {
        get
        {
            if (_tokenizer is not null)
                return new TokenCount(Saturate(_tokens), TokenCountMethod.Tiktoken);

            var estimate = Math.Max(1, (long)(_chars / CharsPerToken()));
            return new TokenCount(Saturate(_tokens + estimate), string.IsNullOrWhiteSpace(_model) ? TokenCountMethod.Unspecified : TokenCountMethod.Estimated);
        }
    }

    public void Add(int tokens) => _tokens += tokens;

    public void Add(ReadOnlySpan<char> text)
    {
        if (_tokenizer is not null)
            _tokens += _tokenizer.CountTokens(text);
        else
            _chars += text.Length;
    }

    private readonly double CharsPerToken()
    {
        foreach (var (part, ratio) in Ratios)
        {
            if (_model is not null && _model.Contains(part, StringComparison.OrdinalIgnoreCase))
                return ratio;
        }

        return DefaultCharsPerToken;
    }

    private static int Saturate(long tokens) => (int)Math.Min(tokens, int.MaxValue);
}
