using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving;

/// <summary>Brings the messages of OTLP into the store. Ends after the commit.</summary>
internal sealed class OtlpIntake(Store store)
{
    /// <summary>A request in memory takes several times its bytes: the message, its rows, its texts.</summary>
    private const int MemoryFactor = 3;

    public Store Store => store;

    public Task<Rejection> TakeAsync(ExportTraceServiceRequest request, int size) => TakeAsync(request.ToByteArray(), size);

    /// <param name="request">The request in protobuf. It may not change before the task ends: what is stored refers to it.</param>
    /// <param name="size">How many bytes the request has in the form in which it came.</param>
    /// <exception cref="InvalidDataException">The bytes are no request.</exception>
    /// <exception cref="InvalidProtocolBufferException">A span cannot be read.</exception>
    public Task<Rejection> TakeAsync(ReadOnlyMemory<byte> request, int size)
    {
        List<SpanRow> rows = [];
        Rejection rejection = default;
        foreach (ReceivedSpans received in ReceivedSpans.Read(request.Span))
        {
            if (received.Spans.Count == 0)
                continue;

            Chunk origin = SpanRowMaker.ChunkOf(SpanRowMaker.Origin(received.Resource, received.ResourceSchema, received.Scope));
            foreach (Range range in received.Spans)
            {
                Span span = Span.Parser.ParseFrom(request.Span[range]);
                if (span.TraceId.Length != 16 || span.SpanId.Length != 8 || IsZero(span.TraceId.Span) || IsZero(span.SpanId.Span))
                {
                    rejection = rejection.And(
                        $"'{span.Name}' has a trace id of {span.TraceId.Length} bytes and a span id of {span.SpanId.Length}; they must have 16 and 8, not all zero.");
                }
                else
                {
                    rows.Add(SpanRowMaker.Make(span, received.Resource, received.Scope.Scope, origin, [], null, request[range]));
                }
            }
        }

        return WriteAsync(rows, size, rejection);
    }

    public async Task<Rejection> TakeAsync(ExportLogsServiceRequest request, int size)
    {
        List<LogRow> rows = [];
        foreach (ResourceLogs resource in request.ResourceLogs)
        {
            foreach (ScopeLogs scope in resource.ScopeLogs)
            {
                foreach (LogRecord log in scope.LogRecords)
                {
                    // A log without a trace belongs to nothing that is shown here.
                    UInt128 trace = Ids.Read(log.TraceId.Span);
                    if (trace != default)
                        rows.Add(Row(resource.Resource, resource.SchemaUrl, scope, log, trace));
                }
            }
        }

        if (rows.Count > 0)
            await store.WriteAsync(new() { Logs = rows, Size = (long)size * MemoryFactor });
        return default;
    }

    private async Task<Rejection> WriteAsync(List<SpanRow> rows, int size, Rejection rejection)
    {
        if (rows.Count > 0)
            await store.WriteAsync(new() { Spans = rows, Size = (long)size * MemoryFactor });
        return rejection;
    }

    private static LogRow Row(Resource? resource, string schema, ScopeLogs scope, LogRecord log, UInt128 trace)
    {
        ResourceLogs whole = new()
        {
            Resource = resource,
            SchemaUrl = schema,
            ScopeLogs = { new ScopeLogs { Scope = scope.Scope, SchemaUrl = scope.SchemaUrl, LogRecords = { log } } },
        };
        UInt128 span = log.SpanId.Length == 8 && !IsZero(log.SpanId.Span)
            ? Ids.Span(trace, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(log.SpanId.Span))
            : default;
        string? name = log.EventName.Length > 0
            ? log.EventName : log.Attributes.FirstOrDefault(static pair => pair.Key == "event.name")?.Value?.StringValue;
        return new(
            trace, span, (long)Math.Min(log.TimeUnixNano != 0 ? log.TimeUnixNano : log.ObservedTimeUnixNano, long.MaxValue),
            (int)log.SeverityNumber,
            string.IsNullOrEmpty(name) ? null : name, name?.StartsWith("gen_ai.", StringComparison.Ordinal) == true,
            whole.ToByteArray());
    }

    private static bool IsZero(ReadOnlySpan<byte> id) => !id.ContainsAnyExcept((byte)0);
}

/// <summary>How many spans of a request were not taken, and why the first one was not.</summary>
internal readonly record struct Rejection(long Count, string? Reason)
{
    public Rejection And(string reason) => new(Count + 1, Reason ?? reason);
}
