namespace PandaProbe.Tokenization.Splitting;

/// <summary>Implements an encoding's split pattern in code, because that is faster than its regular expression.</summary>
internal interface ISplitPattern
{
    /// <summary>
    /// Returns the end of the piece at <paramref name="start"/>, in <paramref name="length"/> bytes of well-formed UTF-8.
    /// </summary>
    static abstract int EndOfPiece(ref byte text, int start, int length);
}
