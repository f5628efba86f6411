namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>Runs work on a second processor, if there is one, because the caller will soon wait for its result.</summary>
internal static class Aside
{
    /// <summary>
    /// Starts a thread, because starting the thread pool would take longer than the work. If no thread can start, runs the work here and
    /// returns null.
    /// </summary>
    public static Thread? Start(ThreadStart work)
    {
        if (Environment.ProcessorCount > 1)
        {
            try
            {
                var thread = new Thread(work) { IsBackground = true, Name = "PandaProbe.Tokenization" };
                thread.UnsafeStart();
                return thread;
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException or PlatformNotSupportedException)
            {
                // Fall through: the work runs on this thread.
            }
        }

        work();
        return null;
    }
}
