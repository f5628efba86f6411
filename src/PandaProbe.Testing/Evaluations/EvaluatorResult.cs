namespace PandaProbe.Testing;

/// <summary>The score of one evaluator for one attempt, or why there is none.</summary>
public sealed class EvaluatorResult
{
    internal EvaluatorResult(Evaluator evaluator) => Evaluator = evaluator;

    /// <summary>Gets the name of the evaluator.</summary>
    public string Name => Evaluator.Name;

    /// <summary>Gets the score, 0…1; <see langword="null"/> when the evaluator failed.</summary>
    public double? Value { get; internal init; }

    /// <summary>Gets the reason of the score; <see langword="null"/> when the evaluator gives none.</summary>
    public string? Reason { get; internal init; }

    /// <summary>Gets why there is no score; <see langword="null"/> when there is one.</summary>
    public string? Error { get; internal init; }

    /// <summary>
    /// Gets whether the score is at least <see cref="Evaluator.PassAt"/>; <see langword="null"/> when there is no score.
    /// </summary>
    public bool? IsPassed => Value is { } value ? value >= Evaluator.PassAt : null;

    internal Evaluator Evaluator { get; }

    internal Spending Spending { get; init; }
}
