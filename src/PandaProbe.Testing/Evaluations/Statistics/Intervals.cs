namespace PandaProbe.Testing;

/// <summary>
/// Intervals of means and of differences of means. All are formulas, so the same scores always give the same interval. Each score is of
/// one case: repetitions of a case are not independent, so their mean counts once.
/// </summary>
internal static class Intervals
{
    // Differences of the last bits of a double are no differences.
    private const double Nothing = 1e-9;

    /// <summary>
    /// Returns the mean of scores in 0…1 with Wilson's interval where every score is 0 or 1, and with Student's t otherwise.
    /// </summary>
    public static ScoreEstimate OfMean(IReadOnlyList<double> scores, double confidence)
    {
        if (scores.Count == 0)
            return new ScoreEstimate(0, 0, 1, 0);

        double mean = scores.Average();
        if (AreBinary(scores))
        {
            (double from, double to) = Wilson(mean, scores.Count, confidence);
            return new ScoreEstimate(mean, from, to, scores.Count);
        }

        double margin = scores.Count == 1 ? 1 : MarginT(Variance(scores, mean) / scores.Count, scores.Count - 1, confidence);
        return new ScoreEstimate(mean, Math.Max(0, mean - margin), Math.Min(1, mean + margin), scores.Count);
    }

    /// <summary>Returns the mean of differences of the same cases, with Student's t.</summary>
    public static ScoreChange OfPairs(IReadOnlyList<double> differences, double confidence)
    {
        double mean = Rounded(differences.Average());
        double margin = differences.Count == 1
            ? 2 : MarginT(Variance(differences, mean) / differences.Count, differences.Count - 1, confidence);
        return new ScoreChange(
            mean, Math.Max(-1, Rounded(mean - margin)), Math.Min(1, Rounded(mean + margin)), differences.Count, IsPaired: true);
    }

    /// <summary>
    /// Returns the difference of the means of two sets of cases: Newcombe's interval where every score is 0 or 1, Welch's otherwise.
    /// </summary>
    public static ScoreChange OfDifference(IReadOnlyList<double> now, IReadOnlyList<double> before, double confidence)
    {
        int smaller = Math.Min(now.Count, before.Count);
        if (smaller == 0)
            return new ScoreChange(0, -1, 1, 0, IsPaired: false);

        double mean = Rounded(now.Average() - before.Average());
        if (AreBinary(now) && AreBinary(before))
            return Newcombe(OfMean(now, confidence), OfMean(before, confidence), mean);

        double margin = smaller == 1 ? 2 : MarginWelch(now, before, confidence);
        return new ScoreChange(mean, Math.Max(-1, mean - margin), Math.Min(1, mean + margin), smaller, IsPaired: false);
    }

    // R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10.
    private static ScoreChange Newcombe(ScoreEstimate now, ScoreEstimate before, double mean)
    {
        double down = Math.Sqrt(Math.Pow(now.Mean - now.Low, 2) + Math.Pow(before.High - before.Mean, 2));
        double up = Math.Sqrt(Math.Pow(now.High - now.Mean, 2) + Math.Pow(before.Mean - before.Low, 2));
        return new ScoreChange(mean, mean - down, mean + up, Math.Min(now.Count, before.Count), IsPaired: false);
    }

    private static double MarginWelch(IReadOnlyList<double> now, IReadOnlyList<double> before, double confidence)
    {
        double a = Variance(now, now.Average()) / now.Count;
        double b = Variance(before, before.Average()) / before.Count;
        double parts = a * a / (now.Count - 1) + b * b / (before.Count - 1);
        int degrees = parts == 0 ? now.Count + before.Count - 2 : (int)((a + b) * (a + b) / parts);
        return MarginT(a + b, degrees, confidence);
    }

    // E. B. Wilson, 1927: unlike the textbook interval it never leaves 0…1, and 20 of 20 is not taken for certain.
    private static (double Low, double High) Wilson(double mean, int count, double confidence)
    {
        double z = Quantiles.Normal((1 + confidence) / 2);
        double scale = 1 + z * z / count;
        double center = (mean + z * z / (2 * count)) / scale;
        double margin = z / scale * Math.Sqrt(mean * (1 - mean) / count + z * z / (4.0 * count * count));
        return (mean == 0 ? 0 : center - margin, mean == 1 ? 1 : center + margin);
    }

    private static double MarginT(double varianceOfMean, int degrees, double confidence) =>
        Quantiles.StudentT((1 + confidence) / 2, degrees) * Math.Sqrt(varianceOfMean);

    private static double Variance(IReadOnlyList<double> values, double mean) =>
        values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);

    private static bool AreBinary(IReadOnlyList<double> scores) => scores.All(score => score is 0 or 1);

    private static double Rounded(double value) => Math.Abs(value) < Nothing ? 0 : value;
}
