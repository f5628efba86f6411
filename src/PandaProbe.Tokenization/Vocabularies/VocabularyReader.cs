using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Reads the output of build/tools/TokenizerData (its VocabularyFile describes the format): a prefix tree in depth-first order.
/// </summary>
internal readonly unsafe struct VocabularyReader
{
    private const int HeaderLength = 56;

    // Separates the bytes of the two halves, because each half writes up to fifteen bytes too many.
    private const int Gap = 16;

    private readonly byte* _data;

    public VocabularyReader(byte* data) => _data = data;

    public int IdCount => Header(0);

    public int NodeCount => Header(1);

    /// <summary>Gets the size of all tokens' bytes, with gap and padding.</summary>
    public int TokenBytes => Header(5) + Gap + PrefixTree.Padding;

    public int IdBits => Header(6);

    private int TokenCount => Header(2);

    private int EdgeBytes => Header(3);

    private int EscapeCount => Header(4);

    /// <summary>
    /// Reads one half. The two halves write to different places and can be read in parallel. Tokens from <paramref name="idLimit"/> on are
    /// in the file but not in this encoding, so they are never matched.
    /// </summary>
    /// <remarks>Runs once per process and encoding. Tiered compilation would optimize it too late, so it is optimized at once.</remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadHalf(bool first, int idLimit, PrefixTree tree, TokenParts parts, byte[] tokenBytes)
    {
        // Holds the path from the root to the current node, the token at each depth, and the ancestors with children still to read.
        byte* path = stackalloc byte[Vocabulary.MaxTokenLength + PrefixTree.Padding];
        int* tokenAt = stackalloc int[Vocabulary.MaxTokenLength + 1];
        int* pendingChildren = stackalloc int[Vocabulary.MaxTokenLength + 2];
        int* nextSlot = stackalloc int[Vocabulary.MaxTokenLength + 2];
        int* depthOf = stackalloc int[Vocabulary.MaxTokenLength + 2];
        int level = 0, usedSlots = 1, usedBytes = 0, node = 0, end = Header(7);
        long bit = 0;
        int idBits = IdBits;
        byte* shapes = _data + HeaderLength;
        byte* escapes = shapes + NodeCount;
        byte* edges = escapes + EscapeCount;
        byte* ids = edges + EdgeBytes;
        byte* rights = ids + (((long)TokenCount * idBits) >> 3) + 8;
        ulong idMask = (1UL << idBits) - 1;
        (pendingChildren[0], nextSlot[0], depthOf[0]) = (1, 0, 0);
        if (!first)
        {
            // Finds the start of the root's next child.
            (node, end) = (end, NodeCount);
            bit = (long)Header(8) * idBits;
            edges += Header(9);
            escapes += Header(10);
            usedBytes = Header(11) + Gap;
            usedSlots += Header(12);
            (pendingChildren[0], nextSlot[0]) = (int.MaxValue, 1 + Header(13));
        }

        fixed (byte* bytes = tokenBytes)
        {
            for (; node < end; node++)
            {
                while (pendingChildren[level] == 0)
                    level--;
                pendingChildren[level]--;
                int slot = nextSlot[level]++;
                int parentDepth = depthOf[level];

                int shape = shapes[node];
                int edge = (shape & 3) < 3 ? (shape & 3) + 1 : *escapes++;
                int children = (shape & 12) < 12 ? (shape >> 2) & 3 : *escapes++ + 1;
                int leftLength = (shape >> 5) < 7 ? shape >> 5 : *escapes++;
                int depth = parentDepth + edge;
                CopyRoughly(edges, path + parentDepth, edge);
                edges += edge;

                // A node without a token takes its bytes from the next node with one, because they share the bytes of its edge.
                bool isToken = (shape & 16) != 0;
                int token = (int)((Unsafe.ReadUnaligned<ulong>(ids + (bit >> 3)) >> (int)(bit & 7)) & idMask);
                tree.Add(slot, usedSlots, children, edge, token, isToken && token < idLimit, path, parentDepth);
                if (isToken)
                {
                    int right = (int)((Unsafe.ReadUnaligned<ulong>(rights + (bit >> 3)) >> (int)(bit & 7)) & idMask);
                    bit += idBits;
                    tokenAt[depth] = token;
                    parts.Set(token, leftLength == 0 ? token : tokenAt[leftLength], right, usedBytes, depth);
                    CopyRoughly(path, bytes + usedBytes, depth);
                    usedBytes += depth;
                }

                if (children > 0)
                {
                    (pendingChildren[++level], nextSlot[level], depthOf[level]) = (children, usedSlots, depth);
                    usedSlots += children;
                }
            }
        }
    }

    /// <summary>
    /// Copies sixteen bytes at a time, so up to fifteen too many. A loop of the exact length is slower, because nearly every end is
    /// mispredicted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRoughly(byte* source, byte* destination, int length)
    {
        int copied = 0;
        do
        {
            Vector128.Store(Vector128.Load(source + copied), destination + copied);
            copied += 16;
        }
        while (copied < length);
    }

    private int Header(int index) => Unsafe.ReadUnaligned<int>(_data + (index * 4));
}
