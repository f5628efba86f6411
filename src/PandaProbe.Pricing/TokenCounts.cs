using System.Runtime.CompilerServices;

namespace PandaProbe.Pricing;

/// <summary>One count for each <see cref="TokenKind"/>, as somebody reported them: not yet a consistent <see cref="TokenUsage"/>.</summary>
internal struct TokenCounts : IEquatable<TokenCounts>
{
    private const int Kinds = (int)TokenKind.ImageOutput + 1;

    private Values _values;

    public long? this[TokenKind kind]
    {
        readonly get => _values[(int)kind];
        set => _values[(int)kind] = value;
    }

    /// <summary>Adds two counts. What is unknown on one side counts as nothing.</summary>
    public static long? Sum(long? left, long? right) =>
        left is null ? right : right is null ? left : left.Value > long.MaxValue - right.Value ? long.MaxValue : left + right;

    public readonly TokenCounts Add(in TokenCounts other)
    {
        TokenCounts sum = default;
        for (int i = 0; i < Kinds; i++)
            sum._values[i] = Sum(_values[i], other._values[i]);
        return sum;
    }

    /// <summary>What <paramref name="later"/> knows replaces what was known before.</summary>
    public void Update(in TokenCounts later)
    {
        for (int i = 0; i < Kinds; i++)
            _values[i] = later._values[i] ?? _values[i];
    }

    /// <summary>Forgets counts that no call can have.</summary>
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

        // Caches first: only when they fit can audio and images be compared with an input that is complete.
        notes |= Fit(TokenKind.Input, Sum(this[TokenKind.CacheRead], this[TokenKind.CacheWrite]), TokenUsageNotes.InputRaised);
        notes |= Fit(TokenKind.Input, Sum(this[TokenKind.AudioInput], this[TokenKind.ImageInput]), TokenUsageNotes.InputRaised);
        notes |= Fit(TokenKind.Output, this[TokenKind.Reasoning], TokenUsageNotes.OutputRaised);
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

    // A part larger than its total cannot be part of it: the provider counted the two side by side. A total that is unknown is at least its parts.
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
