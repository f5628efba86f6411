using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>Writes what the library has to say to the standard error stream, for programs without a log.</summary>
internal sealed class DiagnosticsConsole : EventListener
{
    private static readonly Lazy<DiagnosticsConsole> Running = new(() => new());

    // The base class may write before this constructor's body has run.
    private readonly LogLimiter? _limiter = new(TimeProvider.System);

    private DiagnosticsConsole() => EnableEvents(PandaProbeEventSource.Log, EventLevel.Verbose);

    public static void Start() => _ = Running.Value;

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource != PandaProbeEventSource.Log || _limiter?.Line(eventData) is not { } line)
            return;

#pragma warning disable RS0030 // Runs only where PANDAPROBE_DEBUG or Debug asks for this stream.
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PandaProbe {eventData.Level}: {line}"));
#pragma warning restore RS0030
    }
}
