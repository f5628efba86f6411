using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>Writes the library's diagnostics to the standard error stream, for programs without a log.</summary>
internal sealed class DiagnosticsConsole : EventListener
{
    private static readonly ConcurrentDictionary<string, bool> Said = new();
    private static readonly Lazy<DiagnosticsConsole> Running = new(() => new());

    // The base class may write before this constructor's body has run.
    private readonly LogLimiter? _limiter = new(TimeProvider.System);

    private DiagnosticsConsole() => EnableEvents(PandaProbeEventSource.Log, EventLevel.Verbose);

    public static void Start() => _ = Running.Value;

    /// <summary>
    /// Writes a message for a program without a log, at most once for each <paramref name="message"/>.
    /// </summary>
    public static void SayOnce(string message)
    {
        if (!Running.IsValueCreated && Said.TryAdd(message, true))
            Write(message);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource != PandaProbeEventSource.Log || _limiter?.Line(eventData) is not { } line)
            return;

        Write(string.Create(CultureInfo.InvariantCulture, $"PandaProbe {eventData.Level}: {line}"));
    }

    private static void Write(string line)
    {
#pragma warning disable RS0030 // Only what PANDAPROBE_DEBUG or Debug asks for, and the loss of traces in a program without a log.
        Console.Error.WriteLine(line);
#pragma warning restore RS0030
    }
}
