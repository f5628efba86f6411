using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Maps two tokens to the token they merge into. Uses open addressing; a slot of four bytes holds a token and part of the hash.
/// </summary>
internal sealed class PairTable
{
    private const int FilterBits = 2;
    private const int Batch = 32;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    // Most pairs do not merge. A filter of at least eight bits per token rejects nine in ten of them, in an eighth of the memory.
    private readonly uint[] _filter;
    private readonly uint[] _slots;
    private readonly TokenParts _parts;
    private readonly int _shift;
    private readonly int _filterShift;
    private readonly int _idBits;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PairTable(TokenParts parts, int idLimit, int idBits)
    {
        int bits = BitOperations.Log2((uint)idLimit) + 2;
        _parts = parts;
        _shift = 64 - bits;
        _idBits = idBits;
        _filterShift = _shift - FilterBits;
        _slots = new uint[1 << bits];
        _filter = new uint[1 << (bits + FilterBits - 5)];

        // In batches: touching all slots of a batch first overlaps the waits for memory.
        Span<ulong> hashes = stackalloc ulong[Batch];
        for (int first = 256; first < idLimit; first += Batch)
        {
            int count = Math.Min(Batch, idLimit - first);
            for (int i = 0; i < count; i++)
            {
                ulong hash = Hash(parts.LeftOf(first + i), parts.RightOf(first + i));
                hashes[i] = hash;
                _ = Volatile.Read(ref _slots[(int)(hash >> _shift)]);
                _filter[hash >> _filterShift >> 5] |= 1u << (int)(hash >> _filterShift);
            }

            for (int i = 0; i < count; i++)
            {
                if (parts.LengthOf(first + i) < 2)
                    continue;
                int index = (int)(hashes[i] >> _shift);
                while (_slots[index] != 0)
                    index = (index + 1) & (_slots.Length - 1);
                _slots[index] = ((uint)hashes[i] << idBits) | (uint)(first + i);
            }
        }
    }

    /// <summary>Returns the token that two tokens merge into, or <see cref="int.MaxValue"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        ulong hash = Hash(left, right);
        int bit = (int)(hash >> _filterShift);
        if ((Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_filter), bit >> 5) & (1u << bit)) == 0)
            return int.MaxValue;

        int index = (int)(hash >> _shift);
        ref uint slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        uint probe = (uint)hash << _idBits;
        uint slot;
        while ((slot = Unsafe.Add(ref slots, index)) != 0)
        {
            if ((slot ^ probe) >> _idBits == 0)
            {
                int id = (int)(slot ^ probe);
                if (_parts.IsPair(id, left, right))
                    return id;
            }

            index = (index + 1) & (_slots.Length - 1);
        }

        return int.MaxValue;
    }

    // The middle bits of the product: its top bits are the index and its lowest bits are weak.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(int left, int right)
    {
        ulong product = (((ulong)(uint)left << 18) | (uint)right) * Multiplier;
        return product ^ (product >> 24);
    }
}
