using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Compares a report with a baseline, and says of each evaluator whether it got worse.</summary>
internal sealed class GateKeeper(EvaluationReport report, EvaluationBaseline? baseline, GateOptions options)
{
    private static readonly IReadOnlyDictionary<string, double> NoCases = new Dictionary<string, double>();

    public EvaluationGate Check()
    {
        List<GateCheck> checks = [.. report.Evaluators.Select(Check)];
        foreach (string name in baseline?.Evaluators.Keys ?? [])
        {
            if (report.Evaluators.All(summary => summary.Name != name))
                checks.Add(new GateCheck(name, IsPassed: false, "it is in the baseline and did not run"));
        }

        foreach (string name in options.Minimum.Keys.Where(name => report.Evaluators.All(summary => summary.Name != name)))
            checks.Add(new GateCheck(name, IsPassed: false, "it has a minimum and did not run"));

        int notRun = report.Results.Count(result => result.Status == EvaluationStatus.NotRun);
        if (notRun > 0 && !options.AllowIncomplete)
        {
            checks.Add(new GateCheck(
                "budget", IsPassed: false,
                $"{Texts.Dollars(report.Budget ?? 0)} were spent before {Texts.Count(notRun, "attempt")} of {report.Results.Count} could begin"));
        }

        return new EvaluationGate(report.Name, checks);
    }

    private GateCheck Check(EvaluatorSummary summary)
    {
        int attempts = summary.Scores + summary.Errors;
        if (summary.Errors > options.AllowedErrors * attempts)
        {
            return new GateCheck(
                summary.Name, IsPassed: false, $"{summary.Errors} of {attempts} attempts without a score, because the evaluator failed");
        }

        IReadOnlyDictionary<string, double> before = baseline?.Evaluators.GetValueOrDefault(summary.Name) ?? NoCases;
        (GateCheck check, string comparison) = before.Count == 0 || summary.Cases.Count == 0
            ? (new GateCheck(summary.Name, true, ""), baseline is null ? "" : summary.Cases.Count == 0 ? "" : ", not in the baseline")
            : Compare(summary, before);
        string text = $"{summary.Estimate}{comparison}";
        if (!options.Minimum.TryGetValue(summary.Name, out double minimum) || summary.Estimate.High >= minimum)
            return check with { Text = text };

        string below = string.Create(CultureInfo.InvariantCulture, $"{text}; below the minimum {minimum:0.00}");
        return check with { IsPassed = false, Text = below };
    }

    private (GateCheck Check, string Text) Compare(EvaluatorSummary summary, IReadOnlyDictionary<string, double> before)
    {
        // Where most cases are the same ones, each is compared with itself.
        string[] common = [.. summary.Cases.Keys.Where(before.ContainsKey)];
        bool isPaired = common.Length * 2 >= summary.Cases.Count;
        ScoreChange change = isPaired
            ? Intervals.OfPairs([.. common.Select(id => summary.Cases[id] - before[id])], report.Confidence)
            : Intervals.OfDifference([.. summary.Cases.Values], [.. before.Values], report.Confidence);
        double was = isPaired ? common.Average(id => before[id]) : before.Values.Average();

        bool isWorse = change.High < -options.AllowedDrop;
        string verdict = isWorse ? $"regression {change}"
            : change.Low > 0 ? $"better {change}"
            : "no regression";
        string how = isPaired ? common.Length == summary.Cases.Count ? "" : $", {common.Length} same cases" : ", other cases";
        return (new GateCheck(summary.Name, !isWorse, "", change),
            string.Create(CultureInfo.InvariantCulture, $", was {was:0.00}{how}: {verdict}"));
    }
}
