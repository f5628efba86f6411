namespace PandaProbe.Testing;

/// <summary>
/// Gives an attempt a score from 0 to 1. <see cref="Evaluators"/> has those that most agents need; make others from a function.
/// </summary>
/// <example><code>
/// Evaluator polite = Evaluator.From("polite", attempt => attempt.Output.Contains("please"));
/// Evaluator brief = new("brief", (attempt, _) => new(new EvaluatorScore(Math.Min(1, 200.0 / attempt.Output.Length))) { PassAt = 0.5 };
/// </code></example>
public sealed class Evaluator
{
    private readonly Func<EvaluationAttempt, CancellationToken, ValueTask<EvaluatorScore>> _evaluate;

    /// <summary>Makes an evaluator from a function.</summary>
    /// <param name="name">The name, unique in its evaluation. Scores, reports and baselines have it.</param>
    /// <param name="evaluate">
    /// Returns the score. An exception means that there is none for this attempt; it does not end the evaluation.
    /// </param>
    public Evaluator(string name, Func<EvaluationAttempt, CancellationToken, ValueTask<EvaluatorScore>> evaluate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(evaluate);
        Name = name;
        _evaluate = evaluate;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; init; }

    /// <summary>
    /// Gets the lowest score with which an attempt passes; 1 by default. JUnit and the list of failed cases use it. Means and comparisons
    /// with a baseline use the scores themselves.
    /// </summary>
    public double PassAt { get; init; } = 1;

    /// <summary>Gets which cases the evaluator is for; all by default. The others count neither for nor against the agent.</summary>
    public Func<EvaluationCase, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>Makes an evaluator from a condition: 1 where it holds, 0 where not.</summary>
    public static Evaluator From(string name, Func<EvaluationAttempt, bool> isGood)
    {
        ArgumentNullException.ThrowIfNull(isGood);
        return new Evaluator(name, (attempt, _) => new(EvaluatorScore.From(isGood(attempt))));
    }

    /// <summary>Returns the same evaluator with another lowest score with which an attempt passes.</summary>
    public Evaluator PassingAt(double score) => new(Name, _evaluate) { PassAt = score, AppliesTo = AppliesTo };

    /// <summary>Returns the same evaluator under another name, for example to have two regular expressions.</summary>
    public Evaluator Named(string name) => new(name, _evaluate) { PassAt = PassAt, AppliesTo = AppliesTo };

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    internal ValueTask<EvaluatorScore> EvaluateAsync(EvaluationAttempt attempt, CancellationToken cancellationToken) =>
        _evaluate(attempt, cancellationToken);
}
