namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>A token at the start of a text, and its length in bytes.</summary>
internal readonly record struct Match(int Token, int Length);
