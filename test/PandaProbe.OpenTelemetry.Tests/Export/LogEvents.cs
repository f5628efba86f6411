using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace PandaProbe.Tests.Export;

/// <summary>Keeps what reaches OpenTelemetry's log pipeline with the name of an event.</summary>
internal sealed class LogEvents : BaseProcessor<LogRecord>
{
    public ConcurrentQueue<LogEvent> Written { get; } = new();

    public override void OnEnd(LogRecord data)
    {
        if (data.EventId.Name?.StartsWith("gen_ai.", StringComparison.Ordinal) == true)
        {
            Written.Enqueue(new(data.EventId.Name, data.TraceId, data.SpanId,
                data.Attributes!.ToDictionary(tag => tag.Key, tag => tag.Value)));
        }
    }

    internal sealed record LogEvent(string Name, ActivityTraceId TraceId, ActivitySpanId SpanId, Dictionary<string, object?> Attributes);
}
