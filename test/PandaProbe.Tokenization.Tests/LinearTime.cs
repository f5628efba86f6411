namespace PandaProbe.Tokenization.Tests;

/// <summary>Compares the processor time for one length with that for sixteen times as much: 16 if linear, 256 if quadratic.</summary>
internal static class LinearTime
{
    private const int Factor = 16;
    private const double Tolerance = 5;

    public static void Check(Action<int> action, int length)
    {
        action(length);
        double ratio = double.MaxValue;

        // The processor's time, not the wall's, and the shortest of a few: on a busy machine any one measurement may be far too long.
        for (int attempt = 0; attempt < 6 && ratio > Factor * Tolerance; attempt++)
            ratio = Shortest(() => action(length * Factor)) / Math.Max(Shortest(() => action(length)), 0.02);
        ratio.ShouldBeLessThanOrEqualTo(Factor * Tolerance);
    }

    public static double Shortest(Action action)
    {
        AppDomain.MonitoringIsEnabled = true;
        double shortest = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            TimeSpan start = AppDomain.CurrentDomain.MonitoringTotalProcessorTime;
            action();
            shortest = Math.Min(shortest, (AppDomain.CurrentDomain.MonitoringTotalProcessorTime - start).TotalMilliseconds);
        }

        return shortest;
    }
}
