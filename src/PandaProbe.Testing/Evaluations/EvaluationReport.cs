namespace PandaProbe.Testing;

/// <summary>The results of an evaluation.</summary>
/// <example><code>
/// EvaluationReport report = await evaluation.RunAsync();
/// report.SaveHtml("support.html");
/// report.SaveJUnit("support.xml");
/// Console.WriteLine(report["exact"].Estimate);      // 0.92 ± 0.05
/// </code></example>
public sealed class EvaluationReport
{
    internal EvaluationReport(Evaluation evaluation, IReadOnlyList<Evaluator> evaluators, IReadOnlyList<EvaluationResult> results)
    {
        Name = evaluation.Name;
        Budget = evaluation.Budget;
        Confidence = evaluation.Confidence;
        Results = results;
        Evaluators = [.. evaluators.Select(evaluator => EvaluatorSummary.Of(evaluator, results, evaluation.Confidence))];
        Spending = results.Aggregate(default(Spending), (sum, result) => sum + result.TotalSpending);
    }

    /// <summary>Gets the name of the evaluation.</summary>
    public string Name { get; }

    /// <summary>Gets every attempt: in the order of the cases, and the repetitions of a case together.</summary>
    public IReadOnlyList<EvaluationResult> Results { get; }

    /// <summary>Gets the evaluators in their order.</summary>
    public IReadOnlyList<EvaluatorSummary> Evaluators { get; }

    /// <summary>Gets how sure the intervals are, for example 0.95.</summary>
    public double Confidence { get; }

    /// <summary>Gets what all model calls cost, judges included, in US dollars. Calls without a known price count 0.</summary>
    public decimal Cost => Spending.Dollars;

    /// <summary>Gets how many model calls have no known price.</summary>
    public int UnpricedCalls => Spending.UnpricedCalls;

    /// <summary>Gets whether every attempt was made: the budget was enough.</summary>
    public bool IsComplete => Results.All(result => result.Status != EvaluationStatus.NotRun);

    /// <summary>Gets the attempts that failed or that an evaluator did not pass.</summary>
    public IEnumerable<EvaluationResult> NotPassed =>
        Results.Where(result => result is { IsPassed: false, Status: not EvaluationStatus.NotRun });

    internal decimal? Budget { get; }

    internal Spending Spending { get; }

    /// <summary>Gets an evaluator by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public EvaluatorSummary this[string evaluator] => Evaluators.FirstOrDefault(summary => summary.Name == evaluator)
        ?? throw new KeyNotFoundException(
        $"There is no evaluator \"{evaluator}\". There are: {string.Join(", ", Evaluators.Select(one => one.Name))}.");

    /// <summary>Compares the report with a baseline.</summary>
    /// <param name="baseline">An earlier report; <see langword="null"/> checks only what needs no baseline.</param>
    /// <param name="options">What to allow; <see langword="null"/> leaves the defaults.</param>
    public EvaluationGate CompareWith(EvaluationBaseline? baseline, GateOptions? options = null) =>
        new GateKeeper(this, baseline, options ?? new GateOptions()).Check();

    /// <summary>Throws when an evaluator is worse than in a baseline file, by more than chance explains.</summary>
    /// <param name="baselinePath">The file: see <see cref="EvaluationBaseline"/>.</param>
    /// <param name="options">What to allow; <see langword="null"/> leaves the defaults.</param>
    /// <exception cref="ProbeAssertionException">A check failed. The message lists all of them.</exception>
    /// <exception cref="FileNotFoundException">There is no such file; the message says how to make it.</exception>
    public void ShouldNotRegress(string baselinePath, GateOptions? options = null)
    {
        EvaluationGate gate = CompareWith(EvaluationBaseline.Load(baselinePath), options);
        if (!gate.IsPassed)
        {
            throw new ProbeAssertionException(
                $"{gate}\n\nIf the new scores are accepted, write them with report.SaveBaseline(\"{baselinePath}\"), and commit the file.");
        }
    }

    /// <summary>Returns the report as one page of HTML that loads nothing else.</summary>
    /// <param name="gate">The comparison with a baseline to show; <see langword="null"/> shows none.</param>
    public string ToHtml(EvaluationGate? gate = null) => new HtmlReport(this, gate).Write();

    /// <summary>Returns the report as Markdown for a pull request: a table, and the attempts that did not pass.</summary>
    /// <param name="gate">The comparison with a baseline to show; <see langword="null"/> shows none.</param>
    public string ToMarkdown(EvaluationGate? gate = null) => new MarkdownReport(this, gate).Write();

    /// <summary>Returns the report as JUnit's XML: a test per attempt, and one per check of the gate.</summary>
    /// <param name="gate">The comparison with a baseline to include; <see langword="null"/> includes none.</param>
    public string ToJUnit(EvaluationGate? gate = null) => JUnitReport.Write(this, gate);

    /// <summary>Writes <see cref="ToHtml"/> to a file, and makes the file's directory.</summary>
    public void SaveHtml(string path, EvaluationGate? gate = null) => TextFile.Write(path, ToHtml(gate));

    /// <summary>Writes <see cref="ToMarkdown"/> to a file, and makes the file's directory.</summary>
    public void SaveMarkdown(string path, EvaluationGate? gate = null) => TextFile.Write(path, ToMarkdown(gate));

    /// <summary>Writes <see cref="ToJUnit"/> to a file, and makes the file's directory.</summary>
    public void SaveJUnit(string path, EvaluationGate? gate = null) => TextFile.Write(path, ToJUnit(gate));

    /// <summary>Writes the scores to a baseline file, for later runs to be compared with.</summary>
    public void SaveBaseline(string path) => TextFile.Write(path, EvaluationBaseline.From(this).ToString());
}
