using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Splitting;

/// <summary>
/// The code point classes of the split patterns, as bits. build/tools/TokenizerData writes them into a table (its CategoryFile).
/// </summary>
internal static class CharClass
{
    /// <summary>\p{L}.</summary>
    public const int Letter = 1;

    /// <summary>\p{N}.</summary>
    public const int Number = 2;

    /// <summary>\s.</summary>
    public const int Space = 4;

    /// <summary>[\r\n].</summary>
    public const int Newline = 8;

    /// <summary>[\p{Lu}\p{Lt}].</summary>
    public const int Upper = 16;

    /// <summary>\p{Ll}.</summary>
    public const int Lower = 32;

    /// <summary>[\p{Lm}\p{Lo}\p{M}]: a letter unless it is a mark.</summary>
    public const int Caseless = 64;

    /// <summary>The byte is not ASCII and begins a longer sequence.</summary>
    private const int Beyond = 128;

    private const int BlockCount = 0x110000 >> 8;

    private static readonly byte[] Table = ReadTable();
    private static readonly byte[] OfByte = MakeOfByte();

    /// <summary>
    /// Returns the class and the length in bytes of the code point at <paramref name="text"/>, which must be well formed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ref byte text, out int size)
    {
        int found = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(OfByte), text);
        size = 1;
        return found != Beyond ? found : Decode(ref text, out size);
    }

    /// <summary>Returns the class of an ASCII character; none of the bits above for a byte of a longer sequence.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfAscii(byte character) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(OfByte), character);

    private static int Decode(ref byte text, out int size)
    {
        int lead = text;
        int codePoint;
        if (lead < 0xE0)
        {
            size = 2;
            codePoint = ((lead & 0x1F) << 6) | (Unsafe.Add(ref text, 1) & 0x3F);
        }
        else if (lead < 0xF0)
        {
            size = 3;
            codePoint = ((lead & 0x0F) << 12) | ((Unsafe.Add(ref text, 1) & 0x3F) << 6) | (Unsafe.Add(ref text, 2) & 0x3F);
        }
        else
        {
            size = 4;
            codePoint = ((lead & 0x07) << 18) | ((Unsafe.Add(ref text, 1) & 0x3F) << 12)
                | ((Unsafe.Add(ref text, 2) & 0x3F) << 6) | (Unsafe.Add(ref text, 3) & 0x3F);
        }

        ref byte table = ref MemoryMarshal.GetArrayDataReference(Table);
        byte block = Unsafe.Add(ref table, codePoint >> 8);
        return Unsafe.Add(ref table, BlockCount + (block << 8) + (codePoint & 0xFF));
    }

    private static unsafe byte[] ReadTable()
    {
        byte* data = EmbeddedData.Get("categories", out int length);
        return new ReadOnlySpan<byte>(data, length).ToArray();
    }

    private static byte[] MakeOfByte()
    {
        byte[] classes = new byte[256];
        for (int value = 0; value < classes.Length; value++)
            classes[value] = value < 128 ? Table[BlockCount + (Table[0] << 8) + value] : (byte)Beyond;
        return classes;
    }
}
