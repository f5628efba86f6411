namespace PandaProbe.Testing;

/// <summary>What the comparison of a report with a baseline allows.</summary>
public sealed class GateOptions
{
    /// <summary>
    /// Gets the means that evaluators must reach, by name. A check fails when the whole interval lies below: when the mean is too low by
    /// more than chance explains.
    /// </summary>
    public IDictionary<string, double> Minimum { get; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>
    /// Gets or sets by how much a mean may fall; 0 by default. A check fails when the fall is larger by more than chance explains.
    /// </summary>
    public double AllowedDrop { get; set; }

    /// <summary>
    /// Gets or sets the share of attempts for which an evaluator may fail to give a score, 0.05 by default. Above it the check fails,
    /// because a mean of few scores passes too easily.
    /// </summary>
    public double AllowedErrors { get; set; } = 0.05;

    /// <summary>
    /// Gets or sets whether an evaluation that ended early because of its budget can pass; <see langword="false"/> by default.
    /// </summary>
    public bool AllowIncomplete { get; set; }
}
