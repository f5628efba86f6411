using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>What the library says about itself while this listens, other tests' events included.</summary>
internal sealed class Events : EventListener
{
    private readonly ConcurrentQueue<(EventLevel Level, string Message, string Line)> _written = new();

    /// <summary>Everything that was written: the name, and all values, also those that the message does not show.</summary>
    public IReadOnlyList<string> Lines => [.. _written.Select(written => written.Line)];

    public IReadOnlyList<string> Messages => [.. _written.Select(written => written.Message)];

    public IReadOnlyList<string> Warnings =>
        [.. _written.Where(written => written.Level <= EventLevel.Warning).Select(written => written.Message)];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "OpenTelemetry-PandaProbe")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        // The base class may call this before the fields of this class are there.
        _written?.Enqueue((eventData.Level,
            string.Format(CultureInfo.InvariantCulture, eventData.Message ?? "", [.. eventData.Payload ?? new([])]),
            $"{eventData.EventName} {eventData.Message} {string.Join(' ', eventData.Payload ?? new([]))}"));
}
