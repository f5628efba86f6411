namespace PandaProbe.Local.Storing;

/// <summary>
/// Times are stored in nanoseconds, and told in milliseconds with three digits behind the point: a JavaScript number holds those exactly.
/// </summary>
internal static class Times
{
    public static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1000.0) / 1000.0;

    public static long Nanoseconds(double milliseconds) => (long)Math.Clamp(milliseconds * 1e6, 0, long.MaxValue / 2);
}
