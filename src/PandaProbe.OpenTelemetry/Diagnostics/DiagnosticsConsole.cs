using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>Writes what the library has to say to the standard error stream, for programs without a log.</summary>
internal sealed class DiagnosticsConsole : EventListener
{
    private static readonly Lazy<DiagnosticsConsole> Running = new(() => new());

    private DiagnosticsConsole() => EnableEvents(PandaProbeEventSource.Log, EventLevel.Verbose);

    public static void Start() => _ = Running.Value;

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource != PandaProbeEventSource.Log)
            return;

#pragma warning disable RS0030 // Runs only where PANDAPROBE_DEBUG or Debug asks for this stream.
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PandaProbe {eventData.Level}: {PandaProbeEventSource.Text(eventData)}"));
#pragma warning restore RS0030
    }
}
