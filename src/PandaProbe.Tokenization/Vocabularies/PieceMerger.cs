using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Splits a piece into tokens as merging its bytes by rank would, in time linear in its length: the result of merging is the one sequence of
/// tokens in which each two neighbours would not have merged otherwise. It is found by taking the longest token that can follow the one
/// before, and stepping back where none can.
/// </summary>
internal sealed class PieceMerger(PrefixTree tree, TokenParts parts, PairTable pairs)
{
    private const int StackWords = 64;

    private readonly ShortMerger _short = new(tree, pairs);

    /// <summary>Writes the ids of a piece's tokens and returns how many. There must be room for one per byte.</summary>
    public int Merge(ref byte piece, int length, Span<int> ids) =>
        ShortMerger.Takes(ref piece, length) ? _short.Merge(ref piece, length, ids) : MergeLong(ref piece, length, ids);

    /// <summary>
    /// Writes, for every prefix of a piece, its last token and its number of tokens. The merged prefix consists of a shorter merged prefix and one token
    /// that can follow it, and only one token can.
    /// </summary>
    /// <param name="piece">The piece.</param>
    /// <param name="length">Its length, in bytes.</param>
    /// <param name="known">The prefixes up to this length are there already.</param>
    /// <param name="lastTokens">By the length of the prefix: its last token, or -1 where it is to be found.</param>
    /// <param name="counts">By the length of the prefix: its number of tokens.</param>
    [SkipLocalsInit]
    public void MergePrefixes(ref byte piece, int length, int known, Span<int> lastTokens, Span<int> counts)
    {
        Span<Match> room = stackalloc Match[Vocabulary.MaxTokenLength];
        for (var position = Math.Max(0, known + 1 - Vocabulary.MaxTokenLength); position < length; position++)
        {
            var last = lastTokens[position];
            var count = tree.Match(
                ref Unsafe.Add(ref piece, position), Math.Min(length - position, Vocabulary.MaxTokenLength), ref MemoryMarshal.GetReference(room));
            for (var candidate = count - 1; candidate >= 0; candidate--)
            {
                var (token, tokenLength) = room[candidate];
                var end = position + tokenLength;
                if (end <= known)
                    break;
                if (lastTokens[end] < 0 && (last < 0 || CanFollow(last, token)))
                    (lastTokens[end], counts[end]) = (token, counts[position] + 1);
            }
        }
    }

    [SkipLocalsInit]
    private int MergeLong(ref byte piece, int length, Span<int> ids)
    {
        var words = (length >> 6) + 1;
        ulong[]? rented = null;
        var dead = words <= StackWords ? stackalloc ulong[StackWords] : (rented = ArrayPool<ulong>.Shared.Rent(words));
        dead = dead[..words];
        dead.Clear();

        Span<Match> room = stackalloc Match[Vocabulary.MaxTokenLength];
        ref var matches = ref MemoryMarshal.GetReference(room);
        int count = 0, position = 0, last = -1;

        // The last two neighbours found fit: in a run of the same characters the next two are the same.
        var (left, right) = (-1, -1);
        var candidate = tree.Match(ref piece, Math.Min(length, Vocabulary.MaxTokenLength), ref matches) - 1;
        while (true)
        {
            var (token, tokenLength) = Unsafe.Add(ref matches, candidate);
            var end = position + tokenLength;
            if ((dead[end >> 6] & (1UL << end)) == 0 && (last < 0 || (last == left && token == right) || CanFollow(last, token)))
            {
                (left, right) = (last, token);
                ids[count++] = last = token;
                position = end;
                if (position == length)
                    break;
            }
            else if (candidate > 0)
            {
                candidate--;
                continue;
            }
            else
            {
                // Nothing can follow here: take the last token back, and try others there. Its end is dead, so it will not be taken again.
                dead[position >> 6] |= 1UL << position;
                position -= parts.LengthOf(last);
                count--;
                last = count > 0 ? ids[count - 1] : -1;
            }

            candidate = tree.Match(ref Unsafe.Add(ref piece, position), Math.Min(length - position, Vocabulary.MaxTokenLength), ref matches) - 1;
        }

        if (rented is not null)
            ArrayPool<ulong>.Shared.Return(rented);
        return count;
    }

    /// <summary>
    /// Whether merging the bytes of two tokens gives these two tokens. Takes their merges back from the last to the first; if at some point the
    /// two parts that meet in the middle would have merged before the merge just taken back, the two would not have come to be.
    /// </summary>
    private bool CanFollow(int left, int right)
    {
        var limit = int.MaxValue;
        while (true)
        {
            if (pairs.Find(left, right) < limit)
                return false;

            if (left > right)
            {
                limit = left;
                left = parts.RightOf(left);
                if (left != limit)
                    continue;
                limit = right + 1;
                right = parts.LeftOf(right);
                if (right + 1 == limit)
                    return true;
            }
            else
            {
                // Of two equal merges the left one comes first, hence the 1.
                limit = right + 1;
                right = parts.LeftOf(right);
                if (right + 1 != limit)
                    continue;
                limit = left;
                left = parts.RightOf(left);
                if (left == limit)
                    return true;
            }
        }
    }
}
