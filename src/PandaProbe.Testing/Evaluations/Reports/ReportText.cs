using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Words and numbers that all reports share.</summary>
internal static class ReportText
{
    public static string Score(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Attempt(EvaluationResult result, EvaluationReport report) =>
        report.Results.Any(other => other.Repetition > 1) ? $"{result.Case.Id} #{result.Repetition}" : result.Case.Id;

    /// <summary>Returns one line about the whole: cases, failures, cost.</summary>
    public static string Totals(EvaluationReport report)
    {
        int failed = report.Results.Count(result => result.Status == EvaluationStatus.Failed);
        int notRun = report.Results.Count(result => result.Status == EvaluationStatus.NotRun);
        decimal judges = report.Results.Sum(result => result.EvaluatorCost);
        string[] parts =
        [
            Texts.Count(report.Results.Select(result => result.Case.Id).Distinct().Count(), "case"),
            Texts.Count(report.Results.Count, "attempt"),
            Texts.Count(report.NotPassed.Count(), "attempt") + " did not pass",
            .. failed > 0 ? [$"{failed} of them failed"] : Array.Empty<string>(),
            .. notRun > 0 ? [$"{notRun} not run: the budget of {Texts.Dollars(report.Budget ?? 0)} was spent"] : Array.Empty<string>(),
            Texts.Dollars(report.Cost) + (judges > 0 ? $" ({Texts.Dollars(judges)} of it for judges)" : ""),
            .. report.UnpricedCalls > 0 ? [Texts.Count(report.UnpricedCalls, "model call") + " without a price"] : Array.Empty<string>(),
        ];
        return string.Join(" · ", parts);
    }

    /// <summary>Returns why an attempt did not pass, one line per reason.</summary>
    public static IEnumerable<string> Problems(EvaluationResult result)
    {
        if (result.Error is not null)
            yield return result.Error;
        foreach (EvaluatorResult score in result.Scores)
        {
            if (score.Error is not null)
                yield return $"{score.Name} has no score: {score.Error}";
            else if (score.IsPassed == false)
                yield return $"{score.Name} {Score(score.Value ?? 0)}{(score.Reason is null ? "" : ": " + score.Reason)}";
        }
    }
}
