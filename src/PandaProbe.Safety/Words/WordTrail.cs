using System.Numerics;
using System.Runtime.CompilerServices;

namespace PandaProbe.Safety.Words;

/// <summary>
/// Remembers where the words of each set stood last, so that what stands before many values is read once.
/// </summary>
internal struct WordTrail
{
    /// <summary>How far before a value its word may stand.</summary>
    private const int Reach = 48;

    private Starts _after;
    private ulong _inName;
    private int _done;
    private int _last;
    private bool _hasBegun;

    /// <summary>Returns whether a word of the set stands before the value, or in the name of what the value belongs to.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="name">The name; empty when there is none.</param>
    /// <param name="set">The set.</param>
    public bool IsNear(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name, WordSet set)
    {
        Read(text, start, name);
        return _after[set.Number] > From(start) || (_inName & set.Bit) != 0;
    }

    /// <summary>Returns whether a word of any set does.</summary>
    public bool IsAnyNear(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name)
    {
        Read(text, start, name);
        return _last > From(start) || _inName != 0;
    }

    private void Read(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> name)
    {
        if (_done < start || !_hasBegun)
        {
            ReadOn(text[..start], From(start), name);
        }
    }

    private static int From(int start) => Math.Max(0, start - Reach);

    private void ReadOn(ReadOnlySpan<char> text, int from, ReadOnlySpan<char> name)
    {
        WordIndex index = WordIndex.All;
        if (!_hasBegun)
        {
            (_inName, _hasBegun) = (index.SetsIn(name), true);
        }

        for (_done = Math.Max(_done, from); _done < text.Length; _done++)
        {
            for (ulong sets = index.SetsAt(text, _done); sets != 0; sets &= sets - 1)
            {
                _after[BitOperations.TrailingZeroCount(sets)] = _last = _done + 1;
            }
        }
    }

    [InlineArray(WordIndex.MostSets)]
    private struct Starts
    {
        private int _first;
    }
}
