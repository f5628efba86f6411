namespace PandaProbe.Testing;

/// <summary>How two trajectories are compared.</summary>
public sealed class TrajectoryOptions
{
    /// <summary>Gets or sets which differences are allowed. The default is <see cref="TrajectoryMatch.Strict"/>.</summary>
    public TrajectoryMatch Match { get; set; } = TrajectoryMatch.Strict;

    /// <summary>
    /// Gets or sets the comparer of tools that <see cref="ArgumentsOf"/> does not name. The default is
    /// <see cref="ArgumentsComparer.Exact"/>.
    /// </summary>
    public ArgumentsComparer Arguments { get; set; } = ArgumentsComparer.Exact;

    /// <summary>Gets the comparers of single tools, by the tool's name.</summary>
    public IDictionary<string, ArgumentsComparer> ArgumentsOf { get; } = new Dictionary<string, ArgumentsComparer>(StringComparer.Ordinal);

    internal string? FindDifference(TrajectoryStep expected, TrajectoryStep actual) => expected.Tool != actual.Tool
        ? $"expected {expected.Tool}, was {actual.Tool}"
        : (ArgumentsOf.TryGetValue(expected.Tool, out ArgumentsComparer? own) ? own : Arguments)
            .FindDifference(expected.Value, actual.Value);
}
