using System.Runtime.CompilerServices;

namespace PandaProbe.Pricing;

/// <summary>
/// Holds one reported count for each <see cref="TokenKind"/>. Unlike a <see cref="TokenUsage"/>, the counts may be inconsistent.
/// </summary>
internal struct TokenCounts : IEquatable<TokenCounts>
{
    private const int Kinds = (int)TokenKind.WebSearches + 1;

    private Values _values;

    public long? this[TokenKind kind]
    {
        readonly get => _values[(int)kind];
        set => _values[(int)kind] = value;
    }

    /// <summary>Adds two counts. Null counts as zero; two nulls give null.</summary>
    public static long? Sum(long? left, long? right) =>
        left is null ? right : right is null ? left : left.Value > long.MaxValue - right.Value ? long.MaxValue : left + right;

    public readonly TokenCounts Add(in TokenCounts other)
    {
        TokenCounts sum = default;
        for (int i = 0; i < Kinds; i++)
            sum._values[i] = Sum(_values[i], other._values[i]);
        return sum;
    }

    /// <summary>Replaces counts by those known in <paramref name="later"/>.</summary>
    public void Update(in TokenCounts later)
    {
        for (int i = 0; i < Kinds; i++)
            _values[i] = later._values[i] ?? _values[i];
    }

    /// <summary>Sets impossible counts to null.</summary>
    public TokenUsageNotes RefuseImpossible()
    {
        TokenUsageNotes notes = TokenUsageNotes.None;
        for (int i = 0; i < Kinds; i++)
        {
            if (_values[i] is null or (>= 0 and <= TokenUsage.MaxCount))
                continue;

            notes |= _values[i] < 0 ? TokenUsageNotes.NegativeRefused : TokenUsageNotes.AbsurdRefused;
            _values[i] = null;
        }

        return notes;
    }

    public TokenUsageNotes FitPartsIntoTotals()
    {
        TokenUsageNotes notes = FitOneHourIntoCacheWrite();

        // Cached tokens first: they may raise the input, and audio and image tokens are compared with the raised input.
        long? cached = Sum(this[TokenKind.CacheRead], this[TokenKind.CacheWrite]);
        notes |= Fit(TokenKind.Input, Sum(cached, this[TokenKind.CompactionInput]), TokenUsageNotes.InputRaised);
        notes |= Fit(TokenKind.Input, Sum(this[TokenKind.AudioInput], this[TokenKind.ImageInput]), TokenUsageNotes.InputRaised);
        notes |= Fit(TokenKind.Output, Sum(this[TokenKind.Reasoning], this[TokenKind.CompactionOutput]), TokenUsageNotes.OutputRaised);
        notes |= Fit(TokenKind.Output, Sum(this[TokenKind.AudioOutput], this[TokenKind.ImageOutput]), TokenUsageNotes.OutputRaised);

        long largest = Math.Min(this[TokenKind.AudioInput] ?? 0, this[TokenKind.CacheRead] ?? 0);
        if (this[TokenKind.AudioCacheRead] > largest)
        {
            this[TokenKind.AudioCacheRead] = largest;
            notes |= TokenUsageNotes.CacheAdjusted;
        }

        return notes;
    }

    public TokenUsageNotes FitOneHourIntoCacheWrite()
    {
        if (this[TokenKind.CacheWriteOneHour] is not { } oneHour || oneHour <= this[TokenKind.CacheWrite])
            return TokenUsageNotes.None;

        bool wasKnown = this[TokenKind.CacheWrite] is not null;
        this[TokenKind.CacheWrite] = oneHour;
        return wasKnown ? TokenUsageNotes.CacheAdjusted : TokenUsageNotes.None;
    }

    public readonly bool Equals(TokenCounts other)
    {
        for (int i = 0; i < Kinds; i++)
        {
            if (_values[i] != other._values[i])
                return false;
        }

        return true;
    }

    public override readonly bool Equals(object? obj) => obj is TokenCounts other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_values[0], _values[1], _values[2], _values[3]);

    // If a part is larger than its total, the provider reported it separately, and it is added. An unknown total is at least the sum of its
    // parts.
    private TokenUsageNotes Fit(TokenKind total, long? parts, TokenUsageNotes note)
    {
        long? known = this[total];
        if (parts is null || parts <= known)
            return TokenUsageNotes.None;

        this[total] = Sum(known, parts);
        return known is null ? TokenUsageNotes.None : note;
    }

    [InlineArray(Kinds)]
    private struct Values
    {
        private long? _first;
    }
}
