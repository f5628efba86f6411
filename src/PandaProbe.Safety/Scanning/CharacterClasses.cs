using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PandaProbe.Safety.Scanning;

/// <summary>Classifies 64 UTF-16 characters at a time. All paths give the same masks.</summary>
/// <remarks>
/// Characters are narrowed to bytes with saturation. Two shuffles look up the low and the high half of each byte; the bits that both have
/// in common are the byte's classes. The last bits: 0 digits, 1 <c>: =</c>, 2 <c>-</c>, 3 <c>.</c>, 4 <c>@</c>, 5 and 6 letters and
/// <c>_</c>, 7 <c>%</c>.
/// </remarks>
internal static class CharacterClasses
{
    public const int BlockLength = 64;

    private const byte Token = 0b0110_1101, Digit = 1, Sign = 0b1001_0010, Dash = 4, Dot = 8;

    private static readonly Vector128<byte> Low = Vector128.Create(
        0x51, 0x61, 0x61, 0x61, 0x61, 0xE1, 0x61, 0x61, 0x61, (byte)0x61, 0x62, 0x20, 0x20, 0x26, 0x28, 0x60);

    private static readonly Vector128<byte> High = Vector128.Create(
        0, 0, 0x8C, 0x03, 0x30, 0x40, 0x20, (byte)0x40, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Classes of each ASCII character, made from the two halves.</summary>
    private static readonly byte[] Table = [.. Enumerable.Range(0, 128).Select(c => (byte)(Low[c & 15] & High[c >> 4]))];

    public static bool IsToken(char c) => c < 128 && (Table[c] & Token) != 0;

    /// <summary>Classifies the 64 characters from <paramref name="first"/> on with the widest vectors that the processor has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify(ref char first, out CharacterMasks masks)
    {
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            Classify512(ref first, out masks);
        }
        else if (Avx2.IsSupported)
        {
            Classify256(ref first, out masks);
        }
        else if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            Classify128(ref first, out masks);
        }
        else
        {
            ClassifyPlain(MemoryMarshal.CreateReadOnlySpan(ref first, BlockLength), out masks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify512(ref char first, out CharacterMasks masks)
    {
        ref ushort source = ref Unsafe.As<char, ushort>(ref first);
        var bytes = Vector512.Create(
            Avx512BW.ConvertToVector256ByteWithSaturation(Vector512.LoadUnsafe(ref source)),
            Avx512BW.ConvertToVector256ByteWithSaturation(Vector512.LoadUnsafe(ref source, 32)));
        var low = Vector512.Create(Vector256.Create(Low, Low), Vector256.Create(Low, Low));
        var high = Vector512.Create(Vector256.Create(High, High), Vector256.Create(High, High));
        var half = Vector512.Create((byte)15);
        Vector512<byte> classes = Avx512BW.Shuffle(low, bytes & half)
            & Avx512BW.Shuffle(high, Vector512.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & half);
        masks.Token = Bits(classes, Token);
        masks.Digit = Bits(classes, Digit);
        masks.Sign = Bits(classes, Sign);
        masks.Dot = Bits(classes, Dot);
        masks.Dash = Bits(classes, Dash);

        static ulong Bits(Vector512<byte> classes, byte which) => ~Vector512.Equals(classes & Vector512.Create(which), Vector512<byte>.Zero)
            .ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify256(ref char first, out CharacterMasks masks)
    {
        ref ushort source = ref Unsafe.As<char, ushort>(ref first);
        Vector256<byte> left = ClassesOf(ref source, 0), right = ClassesOf(ref source, 32);
        masks.Token = Bits(left, right, Token);
        masks.Digit = Bits(left, right, Digit);
        masks.Sign = Bits(left, right, Sign);
        masks.Dot = Bits(left, right, Dot);
        masks.Dash = Bits(left, right, Dash);

        static Vector256<byte> ClassesOf(ref ushort source, nuint offset)
        {
            var most = Vector256.Create((ushort)255);
            var bytes = Vector256.Narrow(
                Vector256.Min(Vector256.LoadUnsafe(ref source, offset), most),
                    Vector256.Min(Vector256.LoadUnsafe(ref source, offset + 16), most));
            var half = Vector256.Create((byte)15);
            return Avx2.Shuffle(Vector256.Create(Low, Low), bytes & half)
                & Avx2.Shuffle(Vector256.Create(High, High), Vector256.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & half);
        }

        static ulong Bits(Vector256<byte> left, Vector256<byte> right, byte which)
        {
            var bits = Vector256.Create(which);
            return ~(Vector256.Equals(left & bits, Vector256<byte>.Zero).ExtractMostSignificantBits()
                | ((ulong)Vector256.Equals(right & bits, Vector256<byte>.Zero).ExtractMostSignificantBits() << 32));
        }
    }

    public static void Classify128(ref char first, out CharacterMasks masks)
    {
        masks = default;
        ref ushort source = ref Unsafe.As<char, ushort>(ref first);
        for (int offset = 0; offset < BlockLength; offset += 16)
        {
            var most = Vector128.Create((ushort)255);
            var bytes = Vector128.Narrow(
                Vector128.Min(Vector128.LoadUnsafe(ref source, (nuint)offset), most),
                    Vector128.Min(Vector128.LoadUnsafe(ref source, (nuint)offset + 8), most));
            var half = Vector128.Create((byte)15);
            Vector128<byte> classes = Look(Low, bytes & half) & Look(High, Vector128.ShiftRightLogical(bytes, 4));
            masks.Token |= Bits(classes, Token) << offset;
            masks.Digit |= Bits(classes, Digit) << offset;
            masks.Sign |= Bits(classes, Sign) << offset;
            masks.Dot |= Bits(classes, Dot) << offset;
            masks.Dash |= Bits(classes, Dash) << offset;
        }

        static Vector128<byte> Look(Vector128<byte> table, Vector128<byte> indices) =>
            Ssse3.IsSupported ? Ssse3.Shuffle(table, indices) : AdvSimd.Arm64.VectorTableLookup(table, indices);

        static ulong Bits(Vector128<byte> classes, byte which) =>
            (ushort)~Vector128.Equals(classes & Vector128.Create(which), Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    public static void ClassifyPlain(ReadOnlySpan<char> block, out CharacterMasks masks)
    {
        masks = default;
        for (int i = 0; i < block.Length; i++)
        {
            if (block[i] < 128 && Table[block[i]] is var classes and not 0)
            {
                ulong bit = 1UL << i;
                masks.Token |= (classes & Token) != 0 ? bit : 0;
                masks.Digit |= (classes & Digit) != 0 ? bit : 0;
                masks.Sign |= (classes & Sign) != 0 ? bit : 0;
                masks.Dot |= (classes & Dot) != 0 ? bit : 0;
                masks.Dash |= (classes & Dash) != 0 ? bit : 0;
            }
        }
    }
}
