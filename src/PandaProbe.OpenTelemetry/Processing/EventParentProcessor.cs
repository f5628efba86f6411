using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using PandaProbe.Runtime;

namespace PandaProbe.Processing;

/// <summary>
/// Gives an event of <see cref="LogPipeline"/> the span that it belongs to. A logger takes the current activity, and a span that has ended
/// cannot be current.
/// </summary>
internal sealed class EventParentProcessor : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        ActivityContext parent = LogPipeline.Parent;
        if (parent == default)
            return;

        data.TraceId = parent.TraceId;
        data.SpanId = parent.SpanId;
        data.TraceFlags = parent.TraceFlags;
    }
}
