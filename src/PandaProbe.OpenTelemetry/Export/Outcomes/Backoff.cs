namespace PandaProbe.Export.Outcomes;

/// <summary>
/// How long to wait before another attempt: doubling up to a limit, with a random part so that many processes do not come back at once.
/// </summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="attempt">How many attempts failed, from 1.</param>
    /// <param name="random">Between 0 and 1.</param>
    public static TimeSpan Delay(int attempt, double random)
    {
        double seconds = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (random / 2)));
    }
}
