namespace PandaProbe.Testing;

/// <summary>The result of comparing an actual trajectory with an expected one.</summary>
/// <example><code>
/// TrajectoryComparison comparison = Trajectory.From(trace).CompareWith(expected, new() { Match = TrajectoryMatch.Superset });
/// Console.WriteLine($"{comparison.Precision:0.00} {comparison.Recall:0.00}\n{comparison}");
/// </code></example>
public sealed class TrajectoryComparison
{
    internal TrajectoryComparison(TrajectoryMatch match, int matched, int expected, int actual, IReadOnlyList<TrajectoryRow> rows)
    {
        Match = match;
        Matched = matched;
        ExpectedSteps = expected;
        ActualSteps = actual;
        Rows = rows;
    }

    /// <summary>Gets which differences were allowed.</summary>
    public TrajectoryMatch Match { get; }

    /// <summary>Gets whether the actual trajectory has no difference that is not allowed.</summary>
    public bool IsMatch => (AllowsMore || Matched == ActualSteps) && (AllowsLess || Matched == ExpectedSteps);

    /// <summary>Gets how many expected steps were made. Where the order counts, only steps in the expected order do.</summary>
    public int Matched { get; }

    /// <summary>Gets the number of expected steps.</summary>
    public int ExpectedSteps { get; }

    /// <summary>Gets the number of steps that were made.</summary>
    public int ActualSteps { get; }

    /// <summary>Gets the share of the made steps that were expected, 0…1; 1 when none was made.</summary>
    public double Precision => ActualSteps == 0 ? 1 : (double)Matched / ActualSteps;

    /// <summary>Gets the share of the expected steps that were made, 0…1; 1 when none was expected.</summary>
    public double Recall => ExpectedSteps == 0 ? 1 : (double)Matched / ExpectedSteps;

    /// <summary>Gets the harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>.</summary>
    public double F1 => ExpectedSteps + ActualSteps == 0 ? 1 : 2.0 * Matched / (ExpectedSteps + ActualSteps);

    internal IReadOnlyList<TrajectoryRow> Rows { get; }

    internal bool AllowsMore => Match is TrajectoryMatch.InOrder or TrajectoryMatch.Superset;

    internal bool AllowsLess => Match == TrajectoryMatch.Subset;

    /// <summary>Returns both trajectories side by side, with the differences that are not allowed marked.</summary>
    public override string ToString() => TrajectoryText.Of(this);
}
