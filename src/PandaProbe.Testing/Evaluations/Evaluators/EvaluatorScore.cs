namespace PandaProbe.Testing;

/// <summary>What an evaluator says of one attempt.</summary>
/// <param name="Value">The score: 0 is worst, 1 is best.</param>
/// <param name="Reason">Why, for the report; <see langword="null"/> says nothing.</param>
public readonly record struct EvaluatorScore(double Value, string? Reason = null)
{
    internal Spending Spending { get; init; }

    /// <summary>Makes 1 of <see langword="true"/> and 0 of <see langword="false"/>.</summary>
    public static EvaluatorScore From(bool isGood, string? reasonWhenNot = null) => new(isGood ? 1 : 0, isGood ? null : reasonWhenNot);
}
