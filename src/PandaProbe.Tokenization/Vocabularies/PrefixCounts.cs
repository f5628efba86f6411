namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>Counts the tokens of every prefix of a piece, in time linear in its length. The piece may grow.</summary>
internal sealed class PrefixCounts
{
    private int[] _lastTokens = [];
    private int[] _counts = [];
    private int _length = -1;

    /// <summary>
    /// Returns the number of tokens of the first <paramref name="length"/> bytes. They must begin with the bytes of earlier calls.
    /// </summary>
    public int Count(Vocabulary vocabulary, ref byte piece, int length)
    {
        if (length > _length)
            Extend(vocabulary, ref piece, length);
        return _counts[length];
    }

    /// <summary>Drops the bytes after the first <paramref name="length"/>, because they will change.</summary>
    public void Shorten(int length) => _length = Math.Min(_length, length);

    public void Forget()
    {
        _length = -1;
        (_lastTokens, _counts) = ([], []);
    }

    private void Extend(Vocabulary vocabulary, ref byte piece, int length)
    {
        if (length >= _counts.Length)
        {
            int capacity = (int)Math.Min(Math.Max(2L * _counts.Length, length + 1L), Array.MaxLength);
            Array.Resize(ref _lastTokens, capacity);
            Array.Resize(ref _counts, capacity);
        }

        if (_length < 0)
            (_lastTokens[0], _counts[0], _length) = (-1, 0, 0);
        _lastTokens.AsSpan(_length + 1, length - _length).Fill(-1);
        vocabulary.MergePrefixes(ref piece, length, _length, _lastTokens, _counts);
        _length = length;
    }
}
