namespace PandaProbe.Testing.Evaluations;

/// <summary>Compares the statistics with values of tables and papers.</summary>
public sealed class IntervalTests
{
    [Theory]
    [InlineData(0.95, 1.6448536)]
    [InlineData(0.975, 1.9599640)]
    [InlineData(0.995, 2.5758293)]
    public void Quantiles_of_the_normal_distribution_are_those_of_tables(double probability, double expected) =>
        Quantiles.Normal(probability).ShouldBe(expected, 1e-6);

    [Theory]
    [InlineData(0.975, 1, 12.706205)]
    [InlineData(0.975, 2, 4.302653)]
    [InlineData(0.975, 3, 3.182446)]
    [InlineData(0.975, 4, 2.776445)]
    [InlineData(0.975, 5, 2.570582)]
    [InlineData(0.975, 10, 2.228139)]
    [InlineData(0.975, 29, 2.045230)]
    [InlineData(0.95, 30, 1.697261)]
    [InlineData(0.995, 120, 2.617421)]
    [InlineData(0.975, 1000, 1.962339)]
    [InlineData(0.975, 5000, 1.962339)]
    public void Quantiles_of_t_are_those_of_tables(double probability, int degrees, double expected) =>
        Quantiles.StudentT(probability, degrees).ShouldBe(expected, 2e-6);

    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_is_the_published_one(int passed, int count, double low, double high)
    {
        ScoreEstimate estimate = Intervals.OfMean(Scores(passed, count), 0.95);

        estimate.Low.ShouldBe(low, 0.00005);
        estimate.High.ShouldBe(high, 0.00005);
    }

    // R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, table II, method 10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(5, 56, 0, 29, -0.0381, 0.1926)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void Newcombes_interval_of_a_difference_is_the_published_one(int a, int m, int b, int n, double low, double high)
    {
        ScoreChange change = Intervals.OfDifference(Scores(a, m), Scores(b, n), 0.95);

        change.Low.ShouldBe(low, 0.00005);
        change.High.ShouldBe(high, 0.00005);
        change.IsPaired.ShouldBeFalse();
    }

    [Fact]
    public void Graded_scores_have_students_interval()
    {
        // Mean 0.5, standard deviation 0.158114, t(4) = 2.776445: margin 0.196324.
        ScoreEstimate estimate = Intervals.OfMean([0.3, 0.4, 0.5, 0.6, 0.7], 0.95);

        estimate.Mean.ShouldBe(0.5, 1e-12);
        estimate.Margin.ShouldBe(0.196324, 1e-6);
        estimate.ToString().ShouldBe("0.50 ± 0.20");
    }

    // "Student", "The probable error of a mean", 1908: the sleep of ten patients with two drugs, in units of ten hours.
    [Fact]
    public void Pairs_have_the_interval_of_students_sleep_data()
    {
        double[] differences = [0.12, 0.24, 0.13, 0.13, 0.00, 0.10, 0.18, 0.08, 0.46, 0.14];

        ScoreChange change = Intervals.OfPairs(differences, 0.95);

        change.Mean.ShouldBe(0.158, 1e-9);
        change.Low.ShouldBe(0.07001142, 1e-6);
        change.High.ShouldBe(0.24598858, 1e-6);
    }

    // The same data as two groups: Welch's t in R's t.test gives -0.2054832 and 33.654832 tenths with 17.776 degrees of freedom.
    [Fact]
    public void Two_groups_have_welchs_interval_with_whole_degrees_of_freedom()
    {
        double[] first = [0.07, -0.16, -0.02, -0.12, -0.01, 0.34, 0.37, 0.08, 0.00, 0.20];
        double[] second = [0.19, 0.08, 0.11, 0.01, -0.01, 0.44, 0.55, 0.16, 0.46, 0.34];

        ScoreChange change = Intervals.OfDifference(second, first, 0.95);

        change.Mean.ShouldBe(0.158, 1e-9);
        change.Low.ShouldBe(-0.02054832, 0.001);
        change.High.ShouldBe(0.33654832, 0.001);
        change.Low.ShouldBeLessThan(-0.02054832, "degrees of freedom are rounded down, which makes the interval wider");
    }

    [Fact]
    public void Twenty_of_twenty_is_not_certain()
    {
        ScoreEstimate estimate = Intervals.OfMean(Scores(20, 20), 0.95);

        estimate.High.ShouldBe(1);
        estimate.Low.ShouldBe(0.8389, 0.0001);
    }

    [Fact]
    public void One_graded_score_says_nothing_of_others()
    {
        ScoreEstimate estimate = Intervals.OfMean([0.7], 0.95);

        (estimate.Low, estimate.High).ShouldBe((0, 1));
        Intervals.OfPairs([-0.5], 0.95).High.ShouldBe(1);
    }

    [Fact]
    public void Rounding_errors_of_equal_scores_are_no_difference()
    {
        ScoreChange change = Intervals.OfPairs([0.1 + 0.2 - 0.3, 0.1 + 0.2 - 0.3], 0.95);

        change.ShouldBe(new ScoreChange(0, 0, 0, 2, IsPaired: true));
    }

    private static double[] Scores(int passed, int count) =>
        [.. Enumerable.Repeat(1.0, passed), .. Enumerable.Repeat(0.0, count - passed)];
}
