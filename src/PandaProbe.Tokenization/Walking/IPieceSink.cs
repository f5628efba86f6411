using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Takes the pieces of a text one after the other.</summary>
internal interface IPieceSink
{
    /// <summary>Takes the next piece, the first <paramref name="length"/> of <paramref name="available"/> bytes; <c>false</c> ends the walk before it.</summary>
    bool Add(Vocabulary vocabulary, ref byte piece, int length, int available);
}
