using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>
/// The difference between the mean of a run and the mean of its baseline, and the interval in which the true difference lies.
/// </summary>
/// <param name="Mean">The difference: positive when the run is better.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval. Below 0 the run is worse than the baseline.</param>
/// <param name="Count">How many cases were compared: pairs, or the cases of the smaller side.</param>
/// <param name="IsPaired">
/// Whether each case was compared with itself. The interval is then much narrower, because easy and hard cases cancel out.
/// </param>
public readonly record struct ScoreChange(double Mean, double Low, double High, int Count, bool IsPaired)
{
    /// <summary>Returns the difference and its interval: <c>-0.03 (-0.08 to +0.02)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Mean:+0.00;-0.00;0.00} ({Low:+0.00;-0.00;0.00} to {High:+0.00;-0.00;0.00})");
}
