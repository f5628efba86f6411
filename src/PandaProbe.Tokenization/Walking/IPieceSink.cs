using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Receives the pieces of a text in order.</summary>
internal interface IPieceSink
{
    /// <summary>
    /// Receives the next piece: the first <paramref name="length"/> of <paramref name="available"/> bytes. Returning <c>false</c> ends the
    /// walk before it.
    /// </summary>
    bool Add(Vocabulary vocabulary, ref byte piece, int length, int available);
}
