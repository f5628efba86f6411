using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Finds the tokens at the start of a text. A compressed prefix tree: inner nodes are tokens or branch, and siblings are adjacent.
/// </summary>
internal sealed class PrefixTree
{
    /// <summary>The number of readable bytes after the labels and the tokens' bytes, so that a vector load stays inside.</summary>
    public const int Padding = 32;

    private const int SlotBits = 18, DegreeShift = SlotBits, EdgeShift = 27, TokenShift = 34, IsTokenShift = 52, SecondShift = 53;

    // From the lowest bit: first child (18), number of children (9), length of the edge less 1 (7), token (18), whether the node is a token
    // (1), the second byte of the edge (8).
    private readonly ulong[] _nodes;

    // The first byte of the edge to each node.
    private readonly byte[] _labels;

    // By the first two bytes of a text: the node whose edge contains the second byte. All single bytes are tokens, so its parent is at
    // depth 1.
    private readonly int[] _starts = new int[65_536];

    private readonly int[] _singleBytes = new int[256];
    private readonly TokenParts _parts;
    private readonly byte[] _tokenBytes;

    public PrefixTree(int nodeCount, TokenParts parts, byte[] tokenBytes)
    {
        _nodes = GC.AllocateUninitializedArray<ulong>(nodeCount);
        _labels = GC.AllocateUninitializedArray<byte>(nodeCount + Padding);
        _parts = parts;
        _tokenBytes = tokenBytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Add(int slot, int firstChild, int children, int edge, int token, bool isToken, byte* path, int parentDepth)
    {
        _nodes[slot] = (uint)firstChild | ((ulong)(uint)children << DegreeShift) | (((ulong)(uint)(edge - 1) & 127) << EdgeShift)
            | ((ulong)(uint)token << TokenShift) | (isToken ? 1UL << IsTokenShift : 0)
            | ((ulong)path[parentDepth + 1] << SecondShift);
        _labels[slot] = path[parentDepth];
        if (parentDepth == 1)
            _starts[path[0] | (path[1] << 8)] = slot;
        else if (parentDepth == 0 && edge == 1)
            _singleBytes[path[0]] = token;
    }

    public int SingleByte(byte value) => _singleBytes[value];

    /// <summary>Returns the token of two bytes, or -1.</summary>
    public int FindTwo(byte first, byte second)
    {
        int slot = _starts[first | (second << 8)];
        ulong node = _nodes[slot];
        bool isTwoBytes = slot != 0 && ((int)(node >> EdgeShift) & 127) == 0 && (node & (1UL << IsTokenShift)) != 0;
        return isTwoBytes ? (int)(node >> TokenShift) & ((1 << SlotBits) - 1) : -1;
    }

    /// <summary>Returns the token equal to the piece, or -1.</summary>
    [SkipLocalsInit]
    public int Find(ref byte piece, int length)
    {
        if (length > Vocabulary.MaxTokenLength)
            return -1;

        Span<Match> room = stackalloc Match[Vocabulary.MaxTokenLength];
        (int token, int matched) = room[Match(ref piece, length, ref MemoryMarshal.GetReference(room)) - 1];
        return matched == length ? token : -1;
    }

    /// <summary>
    /// Writes the tokens at the start of the first <paramref name="available"/> (at least one) bytes, from the shortest to the longest. The
    /// span needs room for <see cref="Vocabulary.MaxTokenLength"/> matches.
    /// </summary>
    /// <returns>The number of tokens. It is at least one, because every single byte is a token.</returns>
    public int Match(ref byte text, int available, ref Match matches)
    {
        matches = new Match(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_singleBytes), text), 1);
        int count = 1;
        if (available < 2)
            return count;

        ref ulong nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        int slot = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_starts), Unsafe.ReadUnaligned<ushort>(ref text));
        int depth = 2;
        if (slot == 0)
            return count;

        while (true)
        {
            // The node's label, at depth - 1, has matched. The rest of its edge is unchecked.
            ulong node = Unsafe.Add(ref nodes, slot);
            int rest = (int)(node >> EdgeShift) & 127;
            if (rest > 0)
            {
                if (depth + rest > available || Unsafe.Add(ref text, depth) != (byte)(node >> SecondShift))
                    return count;
                if (rest > 1 && !EdgeMatches(ref text, node, depth, rest))
                    return count;
                depth += rest;
            }

            if ((node & (1UL << IsTokenShift)) != 0)
                Unsafe.Add(ref matches, count++) = new Match((int)(node >> TokenShift) & ((1 << SlotBits) - 1), depth);

            int children = (int)(node >> DegreeShift) & 511;
            if (depth >= available || children == 0)
                return count;
            slot = FindChild((int)node & ((1 << SlotBits) - 1), children, Unsafe.Add(ref text, depth));
            if (slot < 0)
                return count;
            depth++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindChild(int first, int children, byte label)
    {
        ref byte labels = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_labels), first);
        if (children <= 4)
        {
            for (int i = 0; i < children; i++)
            {
                if (Unsafe.Add(ref labels, i) == label)
                    return first + i;
            }

            return -1;
        }

        int at = MemoryMarshal.CreateReadOnlySpan(ref labels, children).IndexOf(label);
        return at < 0 ? -1 : first + at;
    }

    private bool EdgeMatches(ref byte text, ulong node, int depth, int rest)
    {
        int token = (int)(node >> TokenShift) & ((1 << SlotBits) - 1);
        ref byte edge = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tokenBytes), _parts.OffsetOf(token) + depth);
        ref byte here = ref Unsafe.Add(ref text, depth);
        for (int i = 0; i < rest; i++)
        {
            if (Unsafe.Add(ref edge, i) != Unsafe.Add(ref here, i))
                return false;
        }

        return true;
    }
}
