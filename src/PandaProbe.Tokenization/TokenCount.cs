namespace PandaProbe.Tokenization;

/// <summary>A number of tokens, and how it was found.</summary>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Method">Whether the number is exact or an estimate.</param>
public readonly record struct TokenCount(int Tokens, TokenCountMethod Method);
