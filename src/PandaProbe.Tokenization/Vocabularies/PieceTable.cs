using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Which pieces of text are one token. Open addressing, eight bytes per slot. The bytes of a piece of up to seven are mixed by a bijection
/// whose result the slot's index and content together hold whole, so that one memory access decides; longer pieces are compared byte by byte.
/// </summary>
internal sealed class PieceTable
{
    private const int MaxShortLength = 7;
    private const int Batch = 32;
    private const ulong ShortMultiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong LongMultiplier = 0xD6E8_FEB8_6659_FD93;

    // From the lowest bit: the id, whether the token is longer than seven bytes (1), as much of the hash as there is room for. No token: 0.
    private readonly ulong[] _slots;
    private readonly TokenParts _parts;
    private readonly byte[] _bytes;
    private readonly int _shift;
    private readonly int _idBits;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PieceTable(TokenParts parts, byte[] bytes, int idLimit, int idBits)
    {
        _parts = parts;
        _bytes = bytes;
        _idBits = idBits;
        _shift = 64 - idBits;
        _slots = new ulong[1 << idBits];

        // In the order of ids, which is about that of frequency: what is common sits where the search for it begins.
        // In batches whose slots are all touched first, so that waiting for memory overlaps.
        Span<ulong> hashes = stackalloc ulong[Batch];
        for (var first = 0; first < idLimit; first += Batch)
        {
            var count = Math.Min(Batch, idLimit - first);
            for (var i = 0; i < count; i++)
            {
                // There is padding after the last token.
                var length = parts.LengthOf(first + i);
                ref var token = ref bytes[parts.OffsetOf(first + i)];
                var hash = length > MaxShortLength ? HashLong(ref token, length) : HashShort(ref token, length, available: 8);
                hashes[i] = hash;
                _ = Volatile.Read(ref _slots[(int)(hash >> _shift)]);
            }

            for (var i = 0; i < count; i++)
            {
                var length = parts.LengthOf(first + i);
                if (length == 0)
                    continue;
                var index = (int)(hashes[i] >> _shift);
                var probe = 0;
                for (; _slots[index] != 0; probe++)
                    index = (index + 1) & (_slots.Length - 1);
                LongestProbe = Math.Max(LongestProbe, probe);
                _slots[index] = ((hashes[i] >> 8) << (idBits + 1)) | (length > MaxShortLength ? 1UL << idBits : 0) | (uint)(first + i);
            }
        }
    }

    /// <summary>
    /// How far a token is from the slot that its hash points to, at most. The index and the part of the hash in the slot have seven bits in
    /// common: below 128, two short pieces with the same part cannot meet, and the table is exact.
    /// </summary>
    public int LongestProbe { get; }

    /// <summary>The token that a piece is, or -1. The piece is the beginning of <paramref name="available"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref byte piece, int length, int available)
    {
        if (length > MaxShortLength)
            return FindLong(ref piece, length);

        var hash = HashShort(ref piece, length, available);
        var index = (int)(hash >> _shift);
        ref var slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        var probe = (hash >> 8) << (_idBits + 1);
        ulong slot;
        while ((slot = Unsafe.Add(ref slots, index)) != 0)
        {
            if ((slot ^ probe) >> _idBits == 0)
                return (int)(slot ^ probe);
            index = (index + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    private int FindLong(ref byte piece, int length)
    {
        if (length > Vocabulary.MaxTokenLength)
            return -1;

        var hash = HashLong(ref piece, length);
        var index = (int)(hash >> _shift);
        ref var slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        var probe = ((hash >> 8) << (_idBits + 1)) | (1UL << _idBits);
        ulong slot;
        while ((slot = Unsafe.Add(ref slots, index)) != 0)
        {
            if ((slot ^ probe) >> _idBits == 0)
            {
                var id = (int)(slot ^ probe);
                if (_parts.LengthOf(id) == length && SameBytes(ref piece, ref _bytes[_parts.OffsetOf(id)], length))
                    return id;
            }

            index = (index + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    // The piece, filled up to seven bytes with 0xFF, which is in no well-formed text, times an odd number modulo 2^56.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HashShort(ref byte piece, int length, int available)
    {
        var bytes = available >= 8 ? Unsafe.ReadUnaligned<ulong>(ref piece) : ReadFew(ref piece, length);
        var key = bytes | (ulong.MaxValue << (length * 8));
        key ^= (key & 0x00FF_FFFF_FFFF_FFFF) >> 29;
        return (key * ShortMultiplier) << 8;
    }

    private static ulong ReadFew(ref byte piece, int length)
    {
        ulong bytes = 0;
        for (var i = 0; i < length; i++)
            bytes |= (ulong)Unsafe.Add(ref piece, i) << (i * 8);
        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HashLong(ref byte piece, int length)
    {
        var hash = (ulong)length * ShortMultiplier;
        for (var i = 0; i < length - 8; i += 8)
            hash = (BitOperations.RotateLeft(hash, 23) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref piece, i))) * LongMultiplier;
        hash = (BitOperations.RotateLeft(hash, 23) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref piece, length - 8))) * LongMultiplier;
        return (hash ^ (hash >> 32)) * ShortMultiplier;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SameBytes(ref byte x, ref byte y, int length)
    {
        for (var i = 0; i < length - 8; i += 8)
        {
            if (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref x, i)) != Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref y, i)))
                return false;
        }

        return Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref x, length - 8)) == Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref y, length - 8));
    }
}
