using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Splits a piece into the tokens that merging its bytes by rank gives, in time linear in its length. Only one sequence of tokens has no
/// two neighbours that would merge differently, and this sequence is the result of merging. The search takes the longest token that can
/// follow the previous one, and backtracks if there is none.
/// </summary>
internal sealed class PieceMerger(PrefixTree tree, TokenParts parts, PairTable pairs)
{
    private const int StackWords = 64;

    private readonly ShortMerger _short = new(tree, pairs);

    /// <summary>Writes the ids of a piece's tokens and returns their number. The span needs room for one id per byte.</summary>
    public int Merge(ref byte piece, int length, Span<int> ids) =>
        ShortMerger.Takes(ref piece, length) ? _short.Merge(ref piece, length, ids) : MergeLong(ref piece, length, ids);

    /// <summary>
    /// Writes the last token and the number of tokens of every prefix of a piece. A merged prefix is a shorter merged prefix plus one token
    /// that can follow it, and only one token can.
    /// </summary>
    /// <param name="piece">The piece.</param>
    /// <param name="length">The length of the piece, in bytes.</param>
    /// <param name="known">The length up to which the prefixes are already written.</param>
    /// <param name="lastTokens">The last token by prefix length; -1 if not yet found.</param>
    /// <param name="counts">The number of tokens by prefix length.</param>
    [SkipLocalsInit]
    public void MergePrefixes(ref byte piece, int length, int known, Span<int> lastTokens, Span<int> counts)
    {
        Span<Match> room = stackalloc Match[Vocabulary.MaxTokenLength];
        for (int position = Math.Max(0, known + 1 - Vocabulary.MaxTokenLength); position < length; position++)
        {
            int last = lastTokens[position];
            int count = tree.Match(
                ref Unsafe.Add(ref piece, position), Math.Min(length - position, Vocabulary.MaxTokenLength),
                ref MemoryMarshal.GetReference(room));
            for (int candidate = count - 1; candidate >= 0; candidate--)
            {
                (int token, int tokenLength) = room[candidate];
                int end = position + tokenLength;
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
        int words = (length >> 6) + 1;
        ulong[]? rented = null;
        Span<ulong> dead = words <= StackWords ? stackalloc ulong[StackWords] : (rented = ArrayPool<ulong>.Shared.Rent(words));
        dead = dead[..words];
        dead.Clear();

        Span<Match> room = stackalloc Match[Vocabulary.MaxTokenLength];
        ref Match matches = ref MemoryMarshal.GetReference(room);
        int count = 0, position = 0, last = -1;

        // Caches the last valid pair of neighbours: in a run of one character the next pair is the same.
        (int left, int right) = (-1, -1);
        int candidate = tree.Match(ref piece, Math.Min(length, Vocabulary.MaxTokenLength), ref matches) - 1;
        while (true)
        {
            (int token, int tokenLength) = Unsafe.Add(ref matches, candidate);
            int end = position + tokenLength;
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
                // No token can follow here, so backtrack: remove the last token and try shorter ones. This position is marked dead and is
                // not tried again.
                dead[position >> 6] |= 1UL << position;
                position -= parts.LengthOf(last);
                count--;
                last = count > 0 ? ids[count - 1] : -1;
            }

            candidate = tree.Match(
                ref Unsafe.Add(ref piece, position), Math.Min(length - position, Vocabulary.MaxTokenLength), ref matches) - 1;
        }

        if (rented is not null)
            ArrayPool<ulong>.Shared.Return(rented);
        return count;
    }

    /// <summary>
    /// Returns whether merging the bytes of two tokens gives these two tokens. Undoes their merges from the last to the first. If at some
    /// point the two inner parts would have merged before the merge just undone, merging would give other tokens.
    /// </summary>
    private bool CanFollow(int left, int right)
    {
        int limit = int.MaxValue;
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
                // Of two equal merges the left one comes first, so the limit is one higher.
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
