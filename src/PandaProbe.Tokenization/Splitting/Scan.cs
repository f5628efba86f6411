using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static PandaProbe.Tokenization.Splitting.CharClass;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>The parts that the split patterns have in common.</summary>
internal static class Scan
{
    /// <summary>The end of the run of code points that have one of the classes in <paramref name="classes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int While(ref byte text, int position, int length, int classes)
    {
        while (position < length && (At(ref Unsafe.Add(ref text, position), out var size) & classes) != 0)
            position += size;
        return position;
    }

    /// <summary>The end of the run of code points that have none of the classes in <paramref name="classes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ref byte text, int position, int length, int classes)
    {
        while (position < length && (At(ref Unsafe.Add(ref text, position), out var size) & classes) == 0)
            position += size;
        return position;
    }

    /// <summary>[\p{Ll}\p{Lm}\p{Lo}\p{M}]*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Lowers(ref byte text, int position, int length) =>
        While(ref text, AfterAsciiLetters(ref text, position, length, caseBit: 0), length, Lower | Caseless);

    /// <summary>\p{L}*.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Letters(ref byte text, int position, int length) =>
        While(ref text, AfterAsciiLetters(ref text, position, length, caseBit: 0x20), length, Letter);

    /// <summary>Sixteen characters at a time and without a loop over them, whose end the processor would mispredict for nearly every word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AfterAsciiLetters(ref byte text, int position, int length, byte caseBit)
    {
        while (position <= length - Vector128<byte>.Count)
        {
            var characters = Vector128.LoadUnsafe(ref text, (nuint)position) | Vector128.Create(caseBit);
            var isLetter = Vector128.LessThan(characters - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
            var letters = BitOperations.TrailingZeroCount(~isLetter.ExtractMostSignificantBits());
            position += letters;
            if (letters < Vector128<byte>.Count)
                break;
        }

        return position;
    }

    /// <summary>\p{N}{1,3}, after the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UpToTwoNumbers(ref byte text, int position, int length)
    {
        for (var i = 0; i < 2 && position < length && (At(ref Unsafe.Add(ref text, position), out var size) & Number) != 0; i++)
            position += size;
        return position;
    }

    /// <summary>\s+(?!\S)|\s+ and, where newlines count for themselves, before it \s*[\r\n]+.</summary>
    public static int Spaces(ref byte text, int start, int length, bool newlinesEnd)
    {
        int position = start, last = start, afterNewline = start;
        while (position < length)
        {
            var found = At(ref Unsafe.Add(ref text, position), out var size);
            if ((found & Space) == 0)
                break;
            last = position;
            position += size;
            if ((found & Newline) != 0)
                afterNewline = position;
        }

        if (newlinesEnd && afterNewline > start)
            return afterNewline;

        // The last space before other text belongs to what follows, unless there is no other space.
        return position == length || last == start ? position : last;
    }

    /// <summary>(?i:'s|'t|'re|'ve|'m|'ll|'d) at an apostrophe, or <paramref name="position"/> where there is none.</summary>
    public static int Contraction(ref byte text, int position, int length)
    {
        if (position + 1 >= length || Unsafe.Add(ref text, position) != '\'')
            return position;

        var first = Unsafe.Add(ref text, position + 1) | 0x20;
        if (first is 's' or 't' or 'm' or 'd')
            return position + 2;
        if (position + 2 >= length)
            return position;

        var second = Unsafe.Add(ref text, position + 2) | 0x20;
        if ((first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l'))
            return position + 3;

        // U+017F, the long s, is an s to whoever ignores case by the rules of Unicode.
        return Unsafe.Add(ref text, position + 1) == 0xC5 && Unsafe.Add(ref text, position + 2) == 0xBF ? position + 3 : position;
    }
}
