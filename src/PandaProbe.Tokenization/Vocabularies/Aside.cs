namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>Work that somebody will soon wait for, on another processor where there is one.</summary>
internal static class Aside
{
    /// <summary>Starts a thread of its own, because starting the thread pool takes longer than the work; where that cannot be, works here and returns null.</summary>
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
                // Then here.
            }
        }

        work();
        return null;
    }
}
