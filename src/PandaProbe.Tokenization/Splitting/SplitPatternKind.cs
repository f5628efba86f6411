namespace PandaProbe.Tokenization.Splitting;

internal enum SplitPatternKind
{
    Gpt2,
    Cl100k,
    O200k,
}
