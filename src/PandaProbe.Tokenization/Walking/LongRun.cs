using System.Runtime.InteropServices;
using PandaProbe.Tokenization.Splitting;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>
/// Describes a long last piece of a text that ends in characters of one class. More of these characters extend the piece and leave the
/// earlier pieces unchanged, so the text need not be split again.
/// </summary>
internal readonly record struct LongRun(int Start, int CountBefore, int Class, int End)
{
    /// <summary>The minimum length. It exceeds every contraction, so the last characters are not one.</summary>
    private const int MinBytes = 8;

    /// <summary>A separate class: after newlines, o200k_base includes slashes in a piece, but no other symbol.</summary>
    private const int Slash = 1 << 8;

    /// <summary>
    /// Finds the run at the end of the last piece, which starts at <paramref name="start"/>; null if the piece is short or ends in several
    /// classes.
    /// </summary>
    public static LongRun? Find(ReadOnlySpan<byte> text, int start, int countBefore)
    {
        if (text.Length - start < LongPieces.MinLength)
            return null;

        int first = text.Length - MinBytes;
        while ((text[first] & 0xC0) == 0x80)
            first--;
        int found = ClassAt(text, first, out _);
        var run = new LongRun(start, countBefore, found, first);
        return run.GoesOn(text) ? run with { End = text.Length } : null;
    }

    /// <summary>Returns whether all of a text after this run's end is of its class.</summary>
    public bool GoesOn(ReadOnlySpan<byte> text)
    {
        for (int position = End; position < text.Length;)
        {
            if (ClassAt(text, position, out int size) != Class)
                return false;
            position += size;
        }

        return true;
    }

    private static int ClassAt(ReadOnlySpan<byte> text, int position, out int size)
    {
        int found = CharClass.At(ref MemoryMarshal.GetReference(text[position..]), out size);
        return text[position] == '/' ? Slash : found;
    }
}
