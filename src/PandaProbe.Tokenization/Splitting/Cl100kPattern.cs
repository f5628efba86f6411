using System.Runtime.CompilerServices;
using static PandaProbe.Tokenization.Splitting.CharClass;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>
/// cl100k_base: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal readonly struct Cl100kPattern : ISplitPattern
{
    public static int EndOfPiece(ref byte text, int start, int length)
    {
        int first = At(ref Unsafe.Add(ref text, start), out int size);
        int next = start + size;
        if ((first & Letter) != 0)
            return Scan.Letters(ref text, next, length);
        if ((first & Number) != 0)
            return Scan.UpToTwoNumbers(ref text, next, length);

        if (Unsafe.Add(ref text, start) == '\'')
        {
            int end = Scan.Contraction(ref text, start, length);
            if (end > start)
                return end;
        }

        if (next < length && (first & Newline) == 0)
        {
            int second = At(ref Unsafe.Add(ref text, next), out size);
            if ((second & Letter) != 0)
                return Scan.Letters(ref text, next + size, length);
            if ((second & (Letter | Number | Space)) == 0 && Unsafe.Add(ref text, start) == ' ')
                return Others(ref text, next + size, length);
        }

        return (first & Space) == 0 ? Others(ref text, next, length) : Scan.Spaces(ref text, start, length, newlinesEnd: true);
    }

    /// <summary>Matches the rest of [^\s\p{L}\p{N}]+[\r\n]* after its first code point.</summary>
    private static int Others(ref byte text, int position, int length)
    {
        position = Scan.Until(ref text, position, length, Letter | Number | Space);
        return Scan.While(ref text, position, length, Newline);
    }
}
