using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>Reads what build/tools/TokenizerData writes (its VocabularyFile describes the form): a prefix tree in depth-first order.</summary>
internal readonly ref struct VocabularyReader
{
    private const int HeaderLength = 28;

    private readonly ReadOnlySpan<byte> _data;

    public VocabularyReader(ReadOnlySpan<byte> data) => _data = data;

    public int IdCount => Header(0);

    public int IdBits => Header(6);

    private int NodeCount => Header(1);

    private int TokenCount => Header(2);

    private int EdgeBytes => Header(3);

    private int EscapeCount => Header(4);

    private int TokenBytes => Header(5);

    /// <summary>Tokens from <paramref name="idLimit"/> on are in the file but not in this encoding: they are never matched.</summary>
    /// <remarks>Runs once per process and encoding, so it is compiled well at once instead of after having run for a while.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe PrefixTree ReadTree(int idLimit, out TokenParts parts, out byte[] tokenBytes)
    {
        parts = new TokenParts(IdCount);
        tokenBytes = GC.AllocateUninitializedArray<byte>(TokenBytes + PrefixTree.Padding);
        var tree = new PrefixTree(NodeCount, parts, tokenBytes);

        // The path from the root to the current node, the token at each of its depths, and the nodes above that have children to come.
        var path = stackalloc byte[Vocabulary.MaxTokenLength + PrefixTree.Padding];
        var tokenAt = stackalloc int[Vocabulary.MaxTokenLength + 1];
        var pendingChildren = stackalloc int[Vocabulary.MaxTokenLength + 2];
        var nextSlot = stackalloc int[Vocabulary.MaxTokenLength + 2];
        var depthOf = stackalloc int[Vocabulary.MaxTokenLength + 2];
        int level = 0, usedSlots = 1, usedBytes = 0;
        (pendingChildren[0], nextSlot[0], depthOf[0]) = (1, 0, 0);

        fixed (byte* data = _data)
        fixed (byte* bytes = tokenBytes)
        {
            var (nodeCount, idBits) = (NodeCount, IdBits);
            var shapes = data + HeaderLength;
            var escapes = shapes + nodeCount;
            var edges = escapes + EscapeCount;
            var ids = edges + EdgeBytes;
            var rights = ids + (((long)TokenCount * idBits) >> 3) + 8;
            var idMask = (1UL << idBits) - 1;
            long bit = 0;

            for (var node = 0; node < nodeCount; node++)
            {
                while (pendingChildren[level] == 0)
                    level--;
                pendingChildren[level]--;
                var slot = nextSlot[level]++;
                var parentDepth = depthOf[level];

                int shape = shapes[node];
                var edge = (shape & 3) < 3 ? (shape & 3) + 1 : *escapes++;
                var children = (shape & 12) < 12 ? (shape >> 2) & 3 : *escapes++ + 1;
                var leftLength = (shape >> 5) < 7 ? shape >> 5 : *escapes++;
                var depth = parentDepth + edge;
                CopyRoughly(edges, path + parentDepth, edge);
                edges += edge;

                // A node that is no token is described by the next one that is: they share the bytes of its edge.
                var isToken = (shape & 16) != 0;
                var token = (int)((Unsafe.ReadUnaligned<ulong>(ids + (bit >> 3)) >> (int)(bit & 7)) & idMask);
                tree.Add(slot, usedSlots, children, edge, token, isToken && token < idLimit, path, parentDepth);
                if (isToken)
                {
                    var right = (int)((Unsafe.ReadUnaligned<ulong>(rights + (bit >> 3)) >> (int)(bit & 7)) & idMask);
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

        return tree;
    }

    /// <summary>Copies sixteen bytes at a time, so up to fifteen too many: a loop of the right length costs more, as it is mispredicted nearly every time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void CopyRoughly(byte* source, byte* destination, int length)
    {
        var copied = 0;
        do
        {
            Vector128.Store(Vector128.Load(source + copied), destination + copied);
            copied += 16;
        }
        while (copied < length);
    }

    private int Header(int index) => BinaryPrimitives.ReadInt32LittleEndian(_data[(index * 4)..]);
}
