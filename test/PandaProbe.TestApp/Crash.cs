namespace PandaProbe.TestApp;

/// <summary>Ways for a process to die of an exception that nobody catches.</summary>
internal static class Crash
{
    public static void Here()
    {
        using TraceScope trace = Probe.StartTrace("doomed", sessionId: "last-session");
        using SpanScope step = trace.StartSpan("fatal step", ProbeSpanKind.Agent);
        throw new InvalidOperationException("The end.");
    }

    public static async Task HereAsync()
    {
        using TraceScope trace = Probe.StartTrace("doomed", sessionId: "last-session");
        using SpanScope step = trace.StartSpan("fatal step", ProbeSpanKind.Agent);
        await Task.Yield();
        throw new InvalidOperationException("The end.");
    }

    public static void OnAThread()
    {
        using TraceScope trace = Probe.StartTrace("doomed", sessionId: "last-session");
        Thread thread = new(() =>
        {
            using SpanScope step = Probe.StartSpan("fatal step", ProbeSpanKind.Agent);
            throw new InvalidOperationException("The end.");
        });
        thread.Start();
        thread.Join();
    }
}
