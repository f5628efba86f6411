namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>A token that a text begins with, and how many bytes it has.</summary>
internal readonly record struct Match(int Token, int Length);
