namespace PandaProbe.Testing.Evaluations;

/// <summary>Makes reports of given scores.</summary>
internal static class Reports
{
    /// <summary>
    /// Runs an evaluation whose evaluators give each case the score that stands at its place; null lets the evaluator throw.
    /// </summary>
    public static Task<EvaluationReport> OfAsync(params (string Evaluator, double?[] Scores)[] evaluators) => OfAsync(0, evaluators);

    /// <summary>The same with other cases: the ids begin at a number.</summary>
    public static Task<EvaluationReport> OfAsync(int firstId, params (string Evaluator, double?[] Scores)[] evaluators)
    {
        Evaluation evaluation = new(
            "support", Enumerable.Range(0, evaluators[0].Scores.Length).Select(i => new EvaluationCase($"{firstId + i}", $"{i}")),
            (@case, _) => Task.FromResult(@case.Input))
        { Parallelism = 1, TimeProvider = new ManualTime() };
        foreach ((string name, double?[] scores) in evaluators)
        {
            evaluation.Evaluators.Add(new(name, (attempt, _) => new(new EvaluatorScore(
                scores[int.Parse(attempt.Case.Input)] ?? throw new EvaluatorException("The judge gave no grade."), "so")))
            {
                PassAt = 0.5,
            });
        }

        return evaluation.RunAsync();
    }

    public static double?[] Passed(int passed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (double?)(i < passed ? 1 : 0))];
}
