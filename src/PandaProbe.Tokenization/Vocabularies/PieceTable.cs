using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Caches pieces of text that are one token. <see cref="PrefixTree"/> finds a piece the first time, and this table finds it from then on.
/// Uses open addressing with slots of eight bytes, one for each id. For a piece of up to seven bytes, the slot's index and content together
/// hold a bijection of its bytes, so one memory access decides. Longer pieces are compared byte by byte.
/// </summary>
/// <remarks>Reading and adding are thread-safe, because each slot is written once and atomically.</remarks>
internal sealed class PieceTable(TokenParts parts, byte[] bytes, int idBits)
{
    private const int MaxShortLength = 7;
    private const ulong ShortMultiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong LongMultiplier = 0xD6E8_FEB8_6659_FD93;

    // The slot's index and its part of the hash overlap by seven bits. Within this distance from the hash's own slot, no two short pieces
    // with the same part can collide. A piece that would be further away is not cached.
    private const int MaxDistance = 127;

    // From the lowest bit: the id, whether the token is longer than seven bytes (1), part of the hash. An empty slot is 0.
    private readonly ulong[] _slots = new ulong[1 << idBits];
    private readonly int _shift = 64 - idBits;

    /// <summary>Adds a token for <see cref="Find"/>.</summary>
    public void Add(int id)
    {
        // Reading past the last token is safe because of the padding.
        int length = parts.LengthOf(id);
        ref byte token = ref bytes[parts.OffsetOf(id)];
        ulong hash = length > MaxShortLength ? HashLong(ref token, length) : HashShort(ref token, length, available: 8);
        ulong content = ((hash >> 8) << (idBits + 1)) | (length > MaxShortLength ? 1UL << idBits : 0) | (uint)id;
        int index = (int)(hash >> _shift);
        for (int distance = 0; distance <= MaxDistance; distance++)
        {
            ref ulong slot = ref _slots[index];
            ulong there = Volatile.Read(ref slot);
            if (there == 0)
                there = Interlocked.CompareExchange(ref slot, content, 0);
            if (there == 0 || there == content)
                return;
            index = (index + 1) & (_slots.Length - 1);
        }
    }

    /// <summary>Returns the token equal to the piece, or -1. The piece starts the <paramref name="available"/> readable bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref byte piece, int length, int available)
    {
        if (length > MaxShortLength)
            return FindLong(ref piece, length);

        ulong hash = HashShort(ref piece, length, available);
        int index = (int)(hash >> _shift);
        ref ulong slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        ulong probe = (hash >> 8) << (idBits + 1);
        ulong slot;
        while ((slot = Volatile.Read(ref Unsafe.Add(ref slots, index))) != 0)
        {
            if ((slot ^ probe) >> idBits == 0)
                return ((index - (int)(hash >> _shift)) & (_slots.Length - 1)) <= MaxDistance ? (int)(slot ^ probe) : -1;
            index = (index + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    private int FindLong(ref byte piece, int length)
    {
        if (length > Vocabulary.MaxTokenLength)
            return -1;

        ulong hash = HashLong(ref piece, length);
        int index = (int)(hash >> _shift);
        ref ulong slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        ulong probe = ((hash >> 8) << (idBits + 1)) | (1UL << idBits);
        ulong slot;
        while ((slot = Volatile.Read(ref Unsafe.Add(ref slots, index))) != 0)
        {
            if ((slot ^ probe) >> idBits == 0)
            {
                int id = (int)(slot ^ probe);
                if (parts.LengthOf(id) == length && SameBytes(ref piece, ref bytes[parts.OffsetOf(id)], length))
                    return id;
            }

            index = (index + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    // Pads the piece to seven bytes with 0xFF, which well-formed UTF-8 never contains, and multiplies it by an odd number modulo 2^56.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HashShort(ref byte piece, int length, int available)
    {
        ulong bytes = available >= 8 ? Unsafe.ReadUnaligned<ulong>(ref piece) : ReadFew(ref piece, length);
        ulong key = bytes | (ulong.MaxValue << (length * 8));
        key ^= (key & 0x00FF_FFFF_FFFF_FFFF) >> 29;
        return (key * ShortMultiplier) << 8;
    }

    private static ulong ReadFew(ref byte piece, int length)
    {
        ulong bytes = 0;
        for (int i = 0; i < length; i++)
            bytes |= (ulong)Unsafe.Add(ref piece, i) << (i * 8);
        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HashLong(ref byte piece, int length)
    {
        ulong hash = (ulong)length * ShortMultiplier;
        for (int i = 0; i < length - 8; i += 8)
            hash = (BitOperations.RotateLeft(hash, 23) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref piece, i))) * LongMultiplier;
        hash = (BitOperations.RotateLeft(hash, 23) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref piece, length - 8))) * LongMultiplier;
        return (hash ^ (hash >> 32)) * ShortMultiplier;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SameBytes(ref byte x, ref byte y, int length)
    {
        for (int i = 0; i < length - 8; i += 8)
        {
            if (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref x, i)) != Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref y, i)))
                return false;
        }

        return Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref x, length - 8)) == Unsafe.ReadUnaligned<ulong>(
            ref Unsafe.Add(ref y, length - 8));
    }
}
