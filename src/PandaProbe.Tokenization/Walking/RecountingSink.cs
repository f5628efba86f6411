using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Counts a text that is counted repeatedly with different ends. Long pieces are merged once.</summary>
internal struct RecountingSink(LongPieces longPieces) : IPieceSink
{
    private int _position;

    public int Count;

    /// <summary>The start of the last piece.</summary>
    public int LastStart;

    /// <summary>The number of tokens before the last piece.</summary>
    public int CountBeforeLast;

    public bool Add(Vocabulary vocabulary, ref byte piece, int length, int available)
    {
        (LastStart, CountBeforeLast) = (_position, Count);
        if (vocabulary.Find(ref piece, length, available) >= 0)
            Count++;
        else if (length < LongPieces.MinLength)
            Count += CountingSink.CountMerged(vocabulary, ref piece, length);
        else
            Count += longPieces.Count(vocabulary, ref piece, _position, length);
        _position += length;
        return true;
    }
}
