namespace PandaProbe.Testing;

/// <summary>Runs a task with cases, and lets evaluators give each result scores from 0 to 1.</summary>
/// <remarks>
/// Each attempt runs in a <see cref="ProbeCapture"/> of its own, so cost, duration and trajectory come from its spans. The scores are
/// recorded on the attempt's trace, as <c>Probe.Score</c> does. An exception in a task costs that attempt, an exception in an evaluator
/// costs that score, and the evaluation goes on.
/// </remarks>
/// <example><code>
/// Evaluation evaluation = new("support", EvaluationCase.Load("cases.jsonl"), (@case, _) => agent.AnswerAsync(@case.Input))
/// {
///     Evaluators = { Evaluators.Exact(), Evaluators.Trajectory(), Evaluators.MaxCost(0.002m) },
///     Repetitions = 3,
///     Budget = 0.50m,
/// };
/// EvaluationReport report = await evaluation.RunAsync();
/// report.ShouldNotRegress("support.baseline.json");
/// </code></example>
public sealed class Evaluation
{
    /// <summary>Makes an evaluation.</summary>
    /// <param name="name">The name, for reports and baselines.</param>
    /// <param name="cases">The cases. Each id must be there once.</param>
    /// <param name="task">What is evaluated. It gets a case and returns the answer as text or JSON.</param>
    public Evaluation(string name, IEnumerable<EvaluationCase> cases, Func<EvaluationCase, CancellationToken, Task<string>> task)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(task);
        Name = name;
        Cases = [.. cases];
        Task = task;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the cases.</summary>
    public IReadOnlyList<EvaluationCase> Cases { get; }

    /// <summary>Gets what is evaluated.</summary>
    public Func<EvaluationCase, CancellationToken, Task<string>> Task { get; }

    /// <summary>Gets the evaluators. They run one after the other in this order.</summary>
    public IList<Evaluator> Evaluators { get; } = [];

    /// <summary>Gets or sets how often each case runs. The default is 1.</summary>
    public int Repetitions { get; set; } = 1;

    /// <summary>Gets or sets how many attempts run at the same time. The default is 4.</summary>
    public int Parallelism { get; set; } = 4;

    /// <summary>
    /// Gets or sets the US dollars after which no further attempt begins; <see langword="null"/>, the default, sets no limit. Judges count
    /// as well. Attempts that have begun are finished, so with parallel attempts slightly more can be spent. Every case runs once before
    /// any runs again.
    /// </summary>
    public decimal? Budget { get; set; }

    /// <summary>
    /// Gets or sets how long one run of the task may take; <see langword="null"/>, the default, sets no limit. After that the attempt has
    /// failed, whether or not the task obeys its token.
    /// </summary>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>Gets or sets how sure the intervals of the report are: 0.95 by default.</summary>
    public double Confidence { get; set; } = 0.95;

    /// <summary>Gets or sets how attempts are captured; <see langword="null"/> leaves the defaults.</summary>
    public Action<ProbeCaptureOptions>? ConfigureCapture { get; set; }

    /// <summary>Gets or sets the clock of durations and of <see cref="TimeLimit"/>. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Runs every case and returns the results in the order of the cases, whatever the order in which they ended.
    /// </summary>
    /// <param name="cancellationToken">Ends the evaluation without a report.</param>
    /// <exception cref="InvalidOperationException">The settings cannot be used; the message says which.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<EvaluationReport> RunAsync(CancellationToken cancellationToken = default)
    {
        Check();
        return await new EvaluationRun(this).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Check()
    {
        Require(Cases.Count > 0, "there is no case");
        Require(Evaluators.Count > 0, "there is no evaluator");
        Require(Repetitions >= 1, "Repetitions must be at least 1");
        Require(Parallelism >= 1, "Parallelism must be at least 1");
        Require(Confidence is >= 0.5 and < 1, "Confidence must be at least 0.5 and below 1");
        Require(Budget is not < 0, "Budget must not be negative");
        Require(TimeLimit is null || TimeLimit > TimeSpan.Zero, "TimeLimit must be above 0");
        RequireUnique(Cases.Select(one => one.Id), "cases");
        RequireUnique(Evaluators.Select(one => one.Name), "evaluators");
    }

    private void RequireUnique(IEnumerable<string> names, string what)
    {
        string? twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        Require(twice is null, $"two {what} are called \"{twice}\"");
    }

    private void Require(bool holds, string problem)
    {
        if (!holds)
            throw new InvalidOperationException($"The evaluation \"{Name}\" cannot run: {problem}.");
    }
}
