using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using PandaProbe.Diagnostics;

namespace PandaProbe.Tests.Export;

/// <summary>All that the library's own log says: names and templates of events, and what they carry.</summary>
internal sealed class OwnLog : EventListener
{
    public ConcurrentQueue<string> Lines { get; } = new();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource is PandaProbeEventSource)
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        Lines?.Enqueue($"{eventData.EventName} {eventData.Message} {string.Join(' ', eventData.Payload ?? new([]))}");
}
