namespace PandaProbe.Tests;

/// <summary>What this thread allocates.</summary>
internal static class Allocated
{
    private const int Rounds = 10;

    /// <summary>
    /// The least of several rounds, in bytes. The runtime itself allocates a little on a thread while it optimises what runs there,
    /// whenever it gets to it: code that allocates does so in every round.
    /// </summary>
    public static long By(Action run)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
