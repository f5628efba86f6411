namespace PandaProbe.Testing;

/// <summary>What one evaluator says of all cases together.</summary>
public sealed class EvaluatorSummary
{
    internal EvaluatorSummary(string name, IReadOnlyDictionary<string, double> cases, int scores, int errors, double confidence)
    {
        Name = name;
        Cases = cases;
        Scores = scores;
        Errors = errors;
        Estimate = Intervals.OfMean([.. cases.Values], confidence);
    }

    /// <summary>Gets the name of the evaluator.</summary>
    public string Name { get; }

    /// <summary>
    /// Gets the mean over the cases, and its interval: Wilson's where every case has 0 or 1, Student's t otherwise. Each case counts once,
    /// with the mean of its repetitions, because repetitions of one case say little about other cases.
    /// </summary>
    public ScoreEstimate Estimate { get; }

    /// <summary>Gets the mean score of each case, by its id, in the order of the cases. A failed attempt counts 0.</summary>
    public IReadOnlyDictionary<string, double> Cases { get; }

    /// <summary>Gets how many attempts have a score. Failed attempts count.</summary>
    public int Scores { get; }

    /// <summary>Gets how many attempts have no score because the evaluator failed.</summary>
    public int Errors { get; }

    internal static EvaluatorSummary Of(Evaluator evaluator, IReadOnlyList<EvaluationResult> results, double confidence)
    {
        Dictionary<string, double> cases = [];
        int count = 0;
        int errors = 0;
        foreach (IGrouping<string, EvaluationResult> attempts in results
            .Where(result => result.Status != EvaluationStatus.NotRun && Applies(evaluator, result.Case)).GroupBy(result => result.Case.Id))
        {
            List<double> values = [];
            foreach (EvaluationResult attempt in attempts)
            {
                double? value = attempt.Status == EvaluationStatus.Failed
                    ? 0 : attempt.Scores.FirstOrDefault(score => score.Name == evaluator.Name)?.Value;
                if (value is { } known)
                    values.Add(known);
                else
                    errors++;
            }

            count += values.Count;
            if (values.Count > 0)
                cases[attempts.Key] = values.Average();
        }

        return new EvaluatorSummary(evaluator.Name, cases, count, errors, confidence);
    }

    // A condition that throws is an error of the evaluator. Attempts that completed have it in their scores.
    private static bool Applies(Evaluator evaluator, EvaluationCase @case)
    {
        try
        {
            return evaluator.AppliesTo(@case);
        }
        catch (Exception)
        {
            return true;
        }
    }
}
