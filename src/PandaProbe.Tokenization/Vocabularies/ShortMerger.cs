using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Merges a short ASCII piece pair by pair, lowest rank first, as byte pair encoding is defined. For a few bytes this is faster than
/// <see cref="PieceMerger"/>. Pairs of ASCII characters have a table of their own that fits the first levels of cache.
/// </summary>
internal sealed class ShortMerger
{
    /// <summary>The maximum length. For longer pieces <see cref="PieceMerger"/> is faster.</summary>
    private const int MaxLength = 8;

    private const int PositionBits = 3;
    private const int NoMerge = 1 << 30;

    // By the two characters: the key, at position 0, of the token they merge into.
    private readonly int[] _asciiPairs;
    private readonly int[] _characters = new int[128];
    private readonly PairTable _pairs;

    public ShortMerger(PrefixTree tree, PairTable pairs)
    {
        _pairs = pairs;
        _asciiPairs = new int[128 * 128];
        for (int character = 0; character < 128; character++)
            _characters[character] = tree.SingleByte((byte)character);
        for (int pair = 0; pair < _asciiPairs.Length; pair++)
            _asciiPairs[pair] = tree.FindTwo((byte)(pair >> 7), (byte)(pair & 127)) is var token and >= 0 ? token << PositionBits : NoMerge;
    }

    /// <summary>Returns whether this class merges a piece faster than <see cref="PieceMerger"/>.</summary>
    public static bool Takes(ref byte piece, int length)
    {
        if (length > MaxLength)
            return false;

        int all = 0;
        for (int i = 0; i < length; i++)
            all |= Unsafe.Add(ref piece, i);
        return all < 128;
    }

    /// <summary>
    /// Writes the token ids of a piece that it <see cref="Takes"/> and returns their number. The span needs room for one id per byte.
    /// </summary>
    [SkipLocalsInit]
    public int Merge(ref byte piece, int length, Span<int> ids)
    {
        // A key is the merged token of the parts at this position and the next, followed by the position. The lowest key is the next merge.
        Span<int> room = stackalloc int[2 * MaxLength];
        ref int parts = ref MemoryMarshal.GetReference(room);
        ref int keys = ref Unsafe.Add(ref parts, MaxLength);
        ref int characters = ref MemoryMarshal.GetArrayDataReference(_characters);
        ref int asciiPairs = ref MemoryMarshal.GetArrayDataReference(_asciiPairs);
        int character = piece, best = NoMerge;
        for (int i = 0; i < length - 1; i++)
        {
            int next = Unsafe.Add(ref piece, i + 1);
            Unsafe.Add(ref parts, i) = Unsafe.Add(ref characters, character);
            best = Math.Min(best, Unsafe.Add(ref keys, i) = Unsafe.Add(ref asciiPairs, (character << 7) | next) | i);
            character = next;
        }

        Unsafe.Add(ref parts, length - 1) = Unsafe.Add(ref characters, character);
        Unsafe.Add(ref keys, length - 1) = NoMerge;
        uint starts = (1u << length) - 1;
        while (best < NoMerge)
        {
            int at = best & (MaxLength - 1);
            int token = best >> PositionBits;
            int after = BitOperations.TrailingZeroCount(starts & (~1u << at));
            starts &= ~(1u << after);
            Unsafe.Add(ref keys, after) = NoMerge;
            Unsafe.Add(ref parts, at) = token;

            uint rest = starts & (~1u << at);
            Unsafe.Add(ref keys, at) = rest == 0
                ? NoMerge
                : KeyOf(_pairs.Find(token, Unsafe.Add(ref parts, BitOperations.TrailingZeroCount(rest))), at);
            uint earlier = starts & ((1u << at) - 1);
            if (earlier != 0)
            {
                int before = BitOperations.Log2(earlier);
                Unsafe.Add(ref keys, before) = KeyOf(_pairs.Find(Unsafe.Add(ref parts, before), token), before);
            }

            best = NoMerge;
            for (int i = 0; i < length - 1; i++)
                best = Math.Min(best, Unsafe.Add(ref keys, i));
        }

        int count = 0;
        for (; starts != 0; starts &= starts - 1)
            ids[count++] = Unsafe.Add(ref parts, BitOperations.TrailingZeroCount(starts));
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeyOf(int token, int position) => (Math.Min(token, NoMerge >> PositionBits) << PositionBits) | position;
}
