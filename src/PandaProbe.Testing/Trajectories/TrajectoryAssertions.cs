namespace PandaProbe.Testing;

/// <summary>Assertions on the tools that an agent called.</summary>
public static class TrajectoryAssertions
{
    /// <summary>Throws unless the calls of tools in a trace are as expected. The message shows both trajectories side by side.</summary>
    /// <param name="trace">The captured trace.</param>
    /// <param name="expected">The expected trajectory.</param>
    /// <param name="match">Which differences are allowed.</param>
    /// <param name="arguments">How arguments are compared; <see langword="null"/> wants them equal.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">The trajectory is not as expected.</exception>
    /// <example><code>
    /// trace.ShouldFollow(
    ///     new Trajectory(new("lookup_order", """{"order_id":"A-1042"}"""), new("refund")),
    ///     TrajectoryMatch.InOrder, ArgumentsComparer.Subset);
    /// </code></example>
    public static CapturedTrace ShouldFollow(
        this CapturedTrace trace, Trajectory expected, TrajectoryMatch match = TrajectoryMatch.Strict, ArgumentsComparer? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        TrajectoryOptions options = new() { Match = match, Arguments = arguments ?? ArgumentsComparer.Exact };
        TrajectoryComparison comparison = Trajectory.From(trace).CompareWith(expected, options);
        return comparison.IsMatch ? trace : throw Failure.Of(trace, comparison.ToString());
    }

    /// <summary>Throws unless a trajectory is as expected. The message shows both side by side.</summary>
    /// <param name="actual">The trajectory.</param>
    /// <param name="expected">The expected trajectory.</param>
    /// <param name="options">How to compare; <see langword="null"/> wants the same steps with the same arguments.</param>
    /// <exception cref="ProbeAssertionException">The trajectory is not as expected.</exception>
    public static void ShouldFollow(this Trajectory actual, Trajectory expected, TrajectoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        TrajectoryComparison comparison = actual.CompareWith(expected, options);
        if (!comparison.IsMatch)
            throw new ProbeAssertionException(comparison.ToString());
    }
}
