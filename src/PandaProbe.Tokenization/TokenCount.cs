namespace PandaProbe.Tokenization;

/// <summary>A number of tokens and the method of counting.</summary>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Method">The method: exact or an estimate.</param>
public readonly record struct TokenCount(int Tokens, TokenCountMethod Method);
