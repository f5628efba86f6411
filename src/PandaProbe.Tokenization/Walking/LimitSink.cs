using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Stops before the piece that would exceed a number of tokens, and keeps the position of the piece before that one.</summary>
internal struct LimitSink(int maxTokens) : IPieceSink
{
    public int Count;
    public int Position;
    public int PreviousCount;
    public int PreviousPosition;
    public int ExceedingLength;

    public bool Add(Vocabulary vocabulary, ref byte piece, int length, int available)
    {
        int tokens = vocabulary.Find(ref piece, length, available) >= 0 ? 1 : CountingSink.CountMerged(vocabulary, ref piece, length);
        if (tokens > maxTokens - Count)
        {
            ExceedingLength = length;
            return false;
        }

        (PreviousCount, PreviousPosition) = (Count, Position);
        Count += tokens;
        Position += length;
        return true;
    }
}
