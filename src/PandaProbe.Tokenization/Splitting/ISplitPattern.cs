namespace PandaProbe.Tokenization.Splitting;

/// <summary>An encoding's split pattern, written by hand: what its regular expression matches, without one.</summary>
internal interface ISplitPattern
{
    /// <summary>Where the piece ends that begins at <paramref name="start"/>, in <paramref name="length"/> bytes of well-formed UTF-8.</summary>
    static abstract int EndOfPiece(ref byte text, int start, int length);
}
