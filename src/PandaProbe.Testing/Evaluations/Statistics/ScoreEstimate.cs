using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>A mean of scores, and the interval in which the mean of all possible cases of this kind lies.</summary>
/// <param name="Mean">The mean of the measured cases.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Count">How many cases the mean is of.</param>
/// <example><code>
/// ScoreEstimate estimate = report["exact"].Estimate;   // 0.92 ± 0.05
/// </code></example>
public readonly record struct ScoreEstimate(double Mean, double Low, double High, int Count)
{
    /// <summary>Gets the larger distance from the mean to an end of the interval. An interval near 0 or 1 is not symmetrical.</summary>
    public double Margin => Math.Max(Mean - Low, High - Mean);

    /// <summary>Returns the mean and the margin with two decimal places: <c>0.92 ± 0.05</c>.</summary>
    public override string ToString() =>
        Count == 0 ? "no score" : string.Create(CultureInfo.InvariantCulture, $"{Mean:0.00} ± {Margin:0.00}");
}
