using System.Buffers.Binary;

namespace PandaProbe.TokenizerData;

/// <summary>
/// A vocabulary as a prefix tree in depth-first order, whose inner nodes either are tokens or branch. The reader rebuilds everything else
/// from it in one pass: the bytes of a token are the path to it, and its left half is the ancestor that its right half leaves over.
/// </summary>
/// <remarks>
/// Little-endian. Header, int32 each: one more than the last id, the nodes, the tokens, the bytes of the edges, the escapes, the bytes of
/// the tokens, the bits per id; then how much of everything belongs to the first half of the tree (see below): nodes, tokens, bytes of the
/// edges, escapes, bytes of the tokens, children, children of the root. Then
/// <list type="bullet">
/// <item>one byte per node: bits 0–1 the length of the edge to it less 1, bits 2–3 its children, bit 4 whether it is a token, bits 5–7 the
/// length of the left half of its last merge (0 for a single byte); all bits of a number set: it is escaped;</item>
/// <item>the escaped numbers in order, one byte each: length of the edge, children less 1, length of the left half;</item>
/// <item>the bytes of the edges;</item>
/// <item>bit-packed, per token: its id;</item>
/// <item>bit-packed, per token: the id of the right half of its last merge, its own for a single byte.</item>
/// </list>
/// Two threads read a file, one the root and some of its children with all that is below, the other the rest: about half of the nodes each.
/// </remarks>
internal static class VocabularyFile
{
    public static void Write(string path, SortedDictionary<byte[], int> ranks)
    {
        KeyValuePair<byte[], int>[] tokens = ranks.ToArray();
        int ids = ranks.Values.Max() + 1;
        int idBits = 32 - int.LeadingZeroCount(ids - 1);
        var lookup = new Dictionary<byte[], int>(ranks, new BytesComparer());

        var shapes = new List<byte>();
        var escapes = new List<byte>();
        var edges = new List<byte>();
        var idStream = new BitWriter(idBits);
        var rightStream = new BitWriter(idBits);
        int tokensSoFar = 0, tokenBytesSoFar = 0, childrenSoFar = 0, childrenOfRoot = 0;
        var boundaries = new List<int[]>();

        WriteNode(0, tokens.Length, 0, 0);

        int[] firstHalf = boundaries.MinBy(boundary => Math.Abs((2 * boundary[0]) - shapes.Count))!;
        int[] numbers = [ids, shapes.Count, tokens.Length, edges.Count, escapes.Count, tokenBytesSoFar, idBits, .. firstHalf];
        byte[] header = new byte[4 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(i * 4), numbers[i]);
        File.WriteAllBytes(path, [.. header, .. shapes, .. escapes, .. edges, .. idStream.ToArray(), .. rightStream.ToArray()]);
        Console.WriteLine(
            $"{Path.GetFileName(path)}: {tokens.Length} tokens, {shapes.Count} nodes, {firstHalf[0]} of them in the first half");

        // The node whose path is the first `depth` bytes shared by the sorted tokens from `first` to `last`.
        void WriteNode(int first, int last, int parentDepth, int depth)
        {
            bool isToken = depth > 0 && tokens[first].Key.Length == depth;
            var children = new List<(int First, int Last)>();
            for (int i = isToken ? first + 1 : first; i < last;)
            {
                int end = i + 1;
                while (end < last && tokens[end].Key[depth] == tokens[i].Key[depth])
                    end++;
                children.Add((i, end));
                i = end;
            }

            int edge = depth - parentDepth;
            int left = 0;
            edges.AddRange(tokens[first].Key.AsSpan(parentDepth, edge));
            if (isToken)
            {
                byte[]? right = RightHalf(tokens[first].Key, lookup);
                if (right is not null)
                    left = depth - right.Length;
                else if (depth > 1)
                    throw new InvalidDataException($"Merging never makes token {tokens[first].Value}: the merger relies on it doing so.");
                tokensSoFar++;
                tokenBytesSoFar += depth;
                idStream.Write(tokens[first].Value);
                rightStream.Write(right is null ? tokens[first].Value : lookup[right]);
            }

            shapes.Add((byte)(Math.Min((uint)edge - 1, 3) | (uint)(Math.Min(children.Count, 3) << 2) | (isToken ? 16u : 0) | (uint)(
                Math.Min(left, 7) << 5)));
            if (edge is < 1 or > 3)
                escapes.Add(checked((byte)edge));
            if (children.Count >= 3)
                escapes.Add(checked((byte)(children.Count - 1)));
            if (left >= 7)
                escapes.Add(checked((byte)left));

            childrenSoFar += children.Count;
            foreach ((int from, int to) in children)
            {
                if (depth == 0)
                {
                    boundaries.Add([shapes.Count, tokensSoFar, edges.Count, escapes.Count, tokenBytesSoFar, childrenSoFar,
                        childrenOfRoot++]);
                }

                WriteNode(from, to, depth, CommonPrefix(tokens[from].Key, tokens[to - 1].Key));
            }
        }
    }

    private static int CommonPrefix(byte[] x, byte[] y) => x.AsSpan().CommonPrefixLength(y);

    /// <summary>
    /// Merges by lowest rank, as the reference does, and returns the right half of the last merge; null when there is none.
    /// </summary>
    private static byte[]? RightHalf(byte[] token, Dictionary<byte[], int> ranks)
    {
        if (token.Length == 1)
            return null;

        var starts = Enumerable.Range(0, token.Length + 1).ToList();
        while (starts.Count > 2)
        {
            (int best, int at) = (int.MaxValue, -1);
            for (int i = 0; i + 2 < starts.Count; i++)
            {
                if (ranks.TryGetValue(token[starts[i]..starts[i + 2]], out int rank) && rank < best)
                    (best, at) = (rank, i);
            }

            if (at < 0)
                return null;
            if (starts.Count == 3)
                return token[starts[1]..];
            starts.RemoveAt(at + 1);
        }

        return null;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }
    }
}
