namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Caches the tokens of long pieces of a text that is counted repeatedly with different ends. Merging them each time would take quadratic
/// time.
/// </summary>
internal sealed class LongPieces
{
    /// <summary>The length in bytes from which the prefixes of a piece are cached.</summary>
    public const int MinLength = 256;

    // The end of a text decides whether its last two pieces are one, so only these two can be counted again.
    private readonly PrefixCounts _first = new();
    private readonly PrefixCounts _second = new();
    private int _secondStart;

    /// <summary>
    /// Returns the number of tokens of the piece at <paramref name="start"/>. Its bytes must equal those of earlier calls.
    /// </summary>
    public int Count(Vocabulary vocabulary, ref byte piece, int start, int length)
    {
        if (start == 0)
            return _first.Count(vocabulary, ref piece, length);

        if (start != _secondStart)
            _second.Forget();
        _secondStart = start;
        return _second.Count(vocabulary, ref piece, length);
    }

    /// <summary>Drops the text after <paramref name="end"/>, because it will change.</summary>
    public void Shorten(int end)
    {
        _first.Shorten(end);
        _second.Shorten(Math.Max(end - _secondStart, 0));
    }

    /// <summary>Starts another text.</summary>
    public void Forget()
    {
        _first.Forget();
        _second.Forget();
    }
}
