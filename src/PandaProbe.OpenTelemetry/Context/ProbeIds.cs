using System.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Makes PandaProbe's identifiers from OpenTelemetry's. A trace that is the root keeps its trace id. For any other trace and for every
/// span, the identifier is the first half of the trace id followed by the span id. The same activity always gives the same identifier.
/// </summary>
internal static class ProbeIds
{
    public static Guid TraceId(Activity trace) =>
        trace.ParentSpanId == default ? Whole(trace.TraceId) : Combined(trace.TraceId, trace.SpanId);

    public static Guid SpanId(Activity span) => Combined(span.TraceId, span.SpanId);

    public static Guid Combined(ActivityTraceId traceId, ActivitySpanId spanId)
    {
        Span<byte> bytes = stackalloc byte[16];
        traceId.CopyTo(bytes);
        spanId.CopyTo(bytes[8..]);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Makes the identifier of a trace that is the root of its OpenTelemetry trace.</summary>
    public static Guid Whole(ActivityTraceId traceId)
    {
        Span<byte> bytes = stackalloc byte[16];
        traceId.CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
