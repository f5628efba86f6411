using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PandaProbe.Tokenization.Splitting.CharClass;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>Matches the parts that the split patterns share.</summary>
internal static class Scan
{
    /// <summary>Returns the end of the run of code points with one of the classes in <paramref name="classes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int While(ref byte text, int position, int length, int classes)
    {
        while (position < length && (At(ref Unsafe.Add(ref text, position), out int size) & classes) != 0)
            position += size;
        return position;
    }

    /// <summary>Returns the end of the run of code points with none of the classes in <paramref name="classes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ref byte text, int position, int length, int classes)
    {
        while (position < length && (At(ref Unsafe.Add(ref text, position), out int size) & classes) == 0)
            position += size;
        return position;
    }

    /// <summary>Matches [\p{Ll}\p{Lm}\p{Lo}\p{M}]*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lowers(ref byte text, int position, int length) =>
        While(ref text, AfterAsciiLetters(ref text, position, length, caseBit: 0), length, Lower | Caseless);

    /// <summary>Matches \p{L}*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Letters(ref byte text, int position, int length) =>
        While(ref text, AfterAsciiLetters(ref text, position, length, caseBit: 0x20), length, Letter);

    /// <summary>
    /// Scans sixteen characters at once. The processor would mispredict the end of a loop over characters for nearly every word.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AfterAsciiLetters(ref byte text, int position, int length, byte caseBit)
    {
        while (position <= length - Vector128<byte>.Count)
        {
            Vector128<byte> characters = Vector128.LoadUnsafe(ref text, (nuint)position) | Vector128.Create(caseBit);
            var isLetter = Vector128.LessThan(characters - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
            int letters = BitOperations.TrailingZeroCount(~isLetter.ExtractMostSignificantBits());
            position += letters;
            if (letters < Vector128<byte>.Count)
                break;
        }

        return position;
    }

    /// <summary>Matches the rest of \p{N}{1,3} after its first code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UpToTwoNumbers(ref byte text, int position, int length)
    {
        for (int i = 0; i < 2 && position < length && (At(ref Unsafe.Add(ref text, position), out int size) & Number) != 0; i++)
            position += size;
        return position;
    }

    /// <summary>Matches \s+(?!\S)|\s+. For patterns with a newline alternative, matches \s*[\r\n]+ before it.</summary>
    public static int Spaces(ref byte text, int start, int length, bool newlinesEnd)
    {
        int position = start, last = start, afterNewline = start;
        while (position < length)
        {
            int found = At(ref Unsafe.Add(ref text, position), out int size);
            if ((found & Space) == 0)
                break;
            last = position;
            position += size;
            if ((found & Newline) != 0)
                afterNewline = position;
        }

        if (newlinesEnd && afterNewline > start)
            return afterNewline;

        // \s+(?!\S) leaves the last space before other text to the next piece, unless it is the only space.
        return position == length || last == start ? position : last;
    }

    /// <summary>Matches (?i:'s|'t|'re|'ve|'m|'ll|'d) at an apostrophe. Returns <paramref name="position"/> if there is no match.</summary>
    public static int Contraction(ref byte text, int position, int length)
    {
        if (position + 1 >= length || Unsafe.Add(ref text, position) != '\'')
            return position;

        int first = Unsafe.Add(ref text, position + 1) | 0x20;
        if (first is 's' or 't' or 'm' or 'd')
            return position + 2;
        if (position + 2 >= length)
            return position;

        int second = Unsafe.Add(ref text, position + 2) | 0x20;
        if ((first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l'))
            return position + 3;

        // By Unicode's case folding, U+017F (the long s) equals s.
        return Unsafe.Add(ref text, position + 1) == 0xC5 && Unsafe.Add(ref text, position + 2) == 0xBF ? position + 3 : position;
    }
}
