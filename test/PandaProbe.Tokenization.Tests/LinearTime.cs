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

        // The processor's time, not the wall's, and the shortest of a few: on a busy machine any one measurement may be far too long. The
        // longer text is measured once at first. That time is at least the shortest of a few, so the bound holds for it, too.
        for (int attempt = 0; attempt < 7 && ratio > Factor * Tolerance; attempt++)
        {
            double one = Math.Max(Shortest(() => action(length)), 0.02);
            ratio = Shortest(() => action(length * Factor), times: attempt == 0 ? 1 : 3) / one;
        }

        ratio.ShouldBeLessThanOrEqualTo(Factor * Tolerance);
    }

    public static double Shortest(Action action, int times = 3)
    {
        AppDomain.MonitoringIsEnabled = true;
        double shortest = double.MaxValue;
        for (int i = 0; i < times; i++)
        {
            TimeSpan start = AppDomain.CurrentDomain.MonitoringTotalProcessorTime;
            action();
            shortest = Math.Min(shortest, (AppDomain.CurrentDomain.MonitoringTotalProcessorTime - start).TotalMilliseconds);
        }

        return shortest;
    }
}
