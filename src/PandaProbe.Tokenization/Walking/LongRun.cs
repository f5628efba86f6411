using System.Runtime.InteropServices;
using PandaProbe.Tokenization.Splitting;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>
/// A long last piece of a text that ends in characters of one class. More of them prolong it and leave the pieces before it as they are, so that nobody has to
/// split the text again.
/// </summary>
internal readonly record struct LongRun(int Start, int CountBefore, int Class, int End)
{
    /// <summary>Longer than any contraction: the last characters are not one.</summary>
    private const int MinBytes = 8;

    /// <summary>A class of its own: after newlines, o200k_base takes slashes into a piece, but no other symbol.</summary>
    private const int Slash = 1 << 8;

    /// <summary>The run that the piece at <paramref name="start"/>, the last of a text, ends in; null where the piece is short or ends in several classes.</summary>
    public static LongRun? Find(ReadOnlySpan<byte> text, int start, int countBefore)
    {
        if (text.Length - start < LongPieces.MinLength)
            return null;

        var first = text.Length - MinBytes;
        while ((text[first] & 0xC0) == 0x80)
            first--;
        var found = ClassAt(text, first, out _);
        var run = new LongRun(start, countBefore, found, first);
        return run.GoesOn(text) ? run with { End = text.Length } : null;
    }

    /// <summary>Whether all of a text behind this run's end is of its class.</summary>
    public bool GoesOn(ReadOnlySpan<byte> text)
    {
        for (var position = End; position < text.Length;)
        {
            if (ClassAt(text, position, out var size) != Class)
                return false;
            position += size;
        }

        return true;
    }

    private static int ClassAt(ReadOnlySpan<byte> text, int position, out int size)
    {
        var found = CharClass.At(ref MemoryMarshal.GetReference(text[position..]), out size);
        return text[position] == '/' ? Slash : found;
    }
}
