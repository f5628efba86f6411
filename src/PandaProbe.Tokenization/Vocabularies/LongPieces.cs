namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>The tokens of long pieces in a text that is counted many times, each time with another end: merging them again would take quadratic time.</summary>
internal sealed class LongPieces
{
    /// <summary>From this length on, in bytes, the prefixes of a piece are remembered.</summary>
    public const int MinLength = 256;

    // The end of a text decides whether its last two pieces are one. Only these two can be long and counted again.
    private readonly PrefixCounts _first = new();
    private readonly PrefixCounts _second = new();
    private int _secondStart;

    /// <summary>The number of tokens of the piece at <paramref name="start"/>. The bytes there are those of earlier calls.</summary>
    public int Count(Vocabulary vocabulary, ref byte piece, int start, int length)
    {
        if (start == 0)
            return _first.Count(vocabulary, ref piece, length);

        if (start != _secondStart)
            _second.Forget();
        _secondStart = start;
        return _second.Count(vocabulary, ref piece, length);
    }

    /// <summary>The text will go on otherwise behind <paramref name="end"/>.</summary>
    public void Shorten(int end)
    {
        _first.Shorten(end);
        _second.Shorten(Math.Max(end - _secondStart, 0));
    }

    /// <summary>Begins another text.</summary>
    public void Forget()
    {
        _first.Forget();
        _second.Forget();
    }
}
