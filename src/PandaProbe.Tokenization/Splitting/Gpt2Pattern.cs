using System.Runtime.CompilerServices;
using static PandaProbe.Tokenization.Splitting.CharClass;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>r50k_base and p50k_base: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
internal readonly struct Gpt2Pattern : ISplitPattern
{
    public static int EndOfPiece(ref byte text, int start, int length)
    {
        int first = At(ref Unsafe.Add(ref text, start), out int size);
        int next = start + size;
        if (Unsafe.Add(ref text, start) == '\'')
        {
            int end = Contraction(ref text, start, length);
            if (end > start)
                return end;
        }
        else if (Unsafe.Add(ref text, start) == ' ' && next < length)
        {
            int second = At(ref Unsafe.Add(ref text, next), out size);
            if ((second & Space) == 0)
            {
                first = second;
                next += size;
            }
        }

        if ((first & Letter) != 0)
            return Scan.Letters(ref text, next, length);
        if ((first & Number) != 0)
            return Scan.While(ref text, next, length, Number);
        if ((first & Space) == 0)
            return Scan.Until(ref text, next, length, Letter | Number | Space);
        return Scan.Spaces(ref text, start, length, newlinesEnd: false);
    }

    private static int Contraction(ref byte text, int start, int length)
    {
        if (start + 1 >= length)
            return start;

        byte first = Unsafe.Add(ref text, start + 1);
        if (first is (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d')
            return start + 2;
        if (start + 2 >= length)
            return start;

        byte second = Unsafe.Add(ref text, start + 2);
        return (first, second) is ((byte)'r', (byte)'e') or ((byte)'v', (byte)'e') or ((byte)'l', (byte)'l') ? start + 3 : start;
    }
}
