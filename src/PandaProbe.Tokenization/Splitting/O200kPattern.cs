using System.Runtime.CompilerServices;
using static PandaProbe.Tokenization.Splitting.CharClass;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>
/// o200k_base, with U = <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>, V = <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c> and C =
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c>: <c>[^\r\n\p{L}\p{N}]?U*V+C?|[^\r\n\p{L}\p{N}]?U+V*C?|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal readonly struct O200kPattern : ISplitPattern
{
    public static int EndOfPiece(ref byte text, int start, int length)
    {
        int first = At(ref Unsafe.Add(ref text, start), out int size);
        int next = start + size;
        if ((first & Letter) != 0)
            return Scan.Contraction(ref text, Word(ref text, start, length), length);
        if ((first & Number) != 0)
            return Scan.UpToTwoNumbers(ref text, next, length);

        if (next < length && (first & Newline) == 0)
        {
            int second = At(ref Unsafe.Add(ref text, next), out size);
            if ((second & (Letter | Caseless)) != 0 && (first & Caseless) == 0)
                return Scan.Contraction(ref text, Word(ref text, next, length), length);
            if ((second & (Letter | Number | Space)) == 0 && Unsafe.Add(ref text, start) == ' ')
                return Others(ref text, next + size, length);
        }

        // [^\r\n\p{L}\p{N}]? can match a mark too. If no U*V+ follows the mark, the mark itself is the word.
        if ((first & Caseless) != 0)
            return Scan.Contraction(ref text, LowerWord(ref text, next, length, out _) is var end and >= 0 ? end : next, length);

        return (first & Space) == 0 ? Others(ref text, next, length) : Scan.Spaces(ref text, start, length, newlinesEnd: true);
    }

    /// <summary>Matches U*V+|U+V*, at a character of U or V.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Word(ref byte text, int start, int length)
    {
        int end = LowerWord(ref text, start, length, out int endOfUpper);
        return end >= 0 ? end : endOfUpper;
    }

    /// <summary>
    /// Matches U*V+, or returns -1. U* backtracks as little as possible: without a V after the U's, the match ends after the last character
    /// in both U and V.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LowerWord(ref byte text, int start, int length, out int endOfUpper)
    {
        int position = start, afterCaseless = -1, found = 0, size = 0;
        while (position < length && ((found = At(ref Unsafe.Add(ref text, position), out size)) & (Upper | Caseless)) != 0)
        {
            position += size;
            if ((found & Caseless) != 0)
                afterCaseless = position;
        }

        endOfUpper = position;
        return position < length && (found & Lower) != 0
            ? Scan.Lowers(ref text, position + size, length)
            : afterCaseless;
    }

    /// <summary>Matches the rest of [^\s\p{L}\p{N}]+[\r\n/]* after its first code point.</summary>
    private static int Others(ref byte text, int position, int length)
    {
        position = Scan.Until(ref text, position, length, Letter | Number | Space);
        while (position < length && Unsafe.Add(ref text, position) is (byte)'\r' or (byte)'\n' or (byte)'/')
            position++;
        return position;
    }
}
