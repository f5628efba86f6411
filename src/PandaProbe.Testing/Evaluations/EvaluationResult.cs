namespace PandaProbe.Testing;

/// <summary>One attempt with its scores.</summary>
public sealed class EvaluationResult
{
    internal EvaluationResult(EvaluationCase @case, int repetition, EvaluationStatus status)
    {
        Case = @case;
        Repetition = repetition;
        Status = status;
    }

    /// <summary>Gets the case.</summary>
    public EvaluationCase Case { get; }

    /// <summary>Gets which repetition of the case this is, from 1.</summary>
    public int Repetition { get; }

    /// <summary>Gets how the attempt went.</summary>
    public EvaluationStatus Status { get; }

    /// <summary>Gets what the task returned; <see langword="null"/> when it did not.</summary>
    public string? Output { get; internal init; }

    /// <summary>Gets why the attempt failed; <see langword="null"/> when it did not.</summary>
    public string? Error { get; internal init; }

    /// <summary>Gets the scores, in the order of the evaluators. Empty unless the task returned.</summary>
    public IReadOnlyList<EvaluatorResult> Scores { get; internal init; } = [];

    /// <summary>Gets the traces that the task recorded.</summary>
    public IReadOnlyList<CapturedTrace> Traces { get; internal init; } = [];

    /// <summary>Gets how long the task took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Gets what the task's model calls cost, in US dollars.</summary>
    public decimal Cost => Spending.Dollars;

    /// <summary>Gets what judges cost, in US dollars.</summary>
    public decimal EvaluatorCost => Scores.Sum(score => score.Spending.Dollars);

    /// <summary>Gets whether the task returned and every evaluator with a score passed.</summary>
    public bool IsPassed => Status == EvaluationStatus.Completed && Scores.All(score => score.IsPassed != false);

    internal Spending Spending { get; init; }

    internal Spending TotalSpending => Scores.Aggregate(Spending, (sum, score) => sum + score.Spending);
}
