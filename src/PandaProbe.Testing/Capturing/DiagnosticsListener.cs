using System.Diagnostics.Tracing;
using PandaProbe.Diagnostics;

namespace PandaProbe.Testing;

/// <summary>Gives each capture what the library reports about itself in the capture's <see cref="ExecutionContext"/>.</summary>
internal sealed class DiagnosticsListener : EventListener
{
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == PandaProbeEventSource.EventSourceName)
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != PandaProbeEventSource.EventSourceName)
            return;

        CapturedDiagnostic diagnostic = new(eventData.Level, eventData.EventName ?? "", PandaProbeEventSource.Text(eventData));
        foreach (ProbeCapture capture in CaptureRouting.Here)
            capture.Add(diagnostic);
    }
}
