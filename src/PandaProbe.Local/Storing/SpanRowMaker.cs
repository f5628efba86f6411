using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Storing;

/// <summary>Makes the row of a span from its message: what it says, and its bytes.</summary>
internal static class SpanRowMaker
{
    private const int LongestName = 512;
    private const int LongestError = 300;

    /// <summary>What spans of one resource and scope have in common, as the message that held them, without spans.</summary>
    public static ResourceSpans Origin(Resource? resource, string schema, ScopeSpans scope)
    {
        ScopeSpans emptyScope = new() { Scope = scope.Scope, SchemaUrl = scope.SchemaUrl };
        return new() { Resource = resource, SchemaUrl = schema, ScopeSpans = { emptyScope } };
    }

    public static Chunk ChunkOf(ResourceSpans origin)
    {
        byte[] bytes = origin.ToByteArray();
        return new(0, FoldedBody.HashOf(bytes), bytes);
    }

    /// <summary>Reads a row again, now that there are logs with its contents.</summary>
    public static SpanRow Again(SpanRow row, byte[] span, ReadOnlySpan<byte> origin, IReadOnlyList<LogRecord> logs)
    {
        ResourceSpans resource = ResourceSpans.Parser.ParseFrom(origin);
        return Make(Span.Parser.ParseFrom(span), resource.Resource, resource.ScopeSpans.Count > 0 ? resource.ScopeSpans[0].Scope : null,
            row.Origin, logs, row);
    }

    /// <summary>Makes a row.</summary>
    /// <param name="span">The span.</param>
    /// <param name="resource">The resource of the span; null when there is none.</param>
    /// <param name="scope">The scope of the span; null when there is none.</param>
    /// <param name="origin">The resource and the scope, to be stored.</param>
    /// <param name="logs">The log records with contents of the span.</param>
    /// <param name="identity">Has the identifiers where the span came over REST.</param>
    /// <param name="received">The bytes of the span; empty when there are none, and they are made.</param>
    public static SpanRow Make(
        Span span, Resource? resource, InstrumentationScope? scope, Chunk origin, IReadOnlyList<LogRecord> logs, SpanRow? identity = null,
        ReadOnlyMemory<byte> received = default)
    {
        ReadSpan read = SpanReader.Read(span, resource, scope, logs);
        UInt128 trace = identity?.Trace ?? Ids.Read(span.TraceId.Span);
        long start = Nanoseconds(span.StartTimeUnixNano);
        long end = Nanoseconds(span.EndTimeUnixNano);
        bool isRunning = read.IsPending || span.EndTimeUnixNano == 0;
        UInt128 key = identity?.Key ?? Ids.Span(trace, SpanId(span.SpanId));
        return new()
        {
            Trace = trace,
            Key = key,
            Parent = identity?.Parent
            ?? (span.ParentSpanId.Length == 8 && SpanId(span.ParentSpanId) != 0 ? Ids.Span(trace, SpanId(span.ParentSpanId)) : default),
            Source = isRunning ? SpanSource.Running : identity?.Source ?? SpanSource.Otlp,
            Kind = KindName(read.Kind),
            Label = read.KindLabel,
            Name = Cut(read.Name, LongestName) ?? "",
            Start = start,
            End = isRunning ? 0 : Math.Max(start, end),
            IsError = read.IsError,
            Error = read.IsError ? Preview.Line(Cut(ErrorOf(read), LongestError)) : null,
            Model = Cut(read.Model, LongestName),
            Provider = Cut(read.Provider, LongestName),
            Tool = Cut(read.ToolName, LongestName),
            Arguments = read.Kind == StepKind.Tool ? Concluding.Arguments.Hash(read.ToolArguments) : null,
            Input = read.Usage.Input,
            Output = read.Usage.Output,
            CacheRead = read.Usage.CacheRead,
            CacheWrite = read.Usage.CacheWrite,
            Reasoning = read.Usage.Reasoning,
            Cost = (double?)read.Cost,
            CostIsEstimated = read.CostSource == CostSource.Estimated,
            IsSum = read.UsageIsSum,
            FirstToken = read.TimeToFirstChunk is { } first ? first.Ticks * 100 : null,
            TraceName = Cut(read.TraceName, LongestName),
            TraceStatus = read.TraceStatus is "PENDING" or "RUNNING" or "COMPLETED" or "ERROR" ? read.TraceStatus : null,
            Session = Named(read.SessionId),
            User = Named(read.UserId),
            Tags = read.Tags,
            Run = Attribute(resource, "pandaprobe.run"),
            Environment = Attribute(resource, "deployment.environment.name") ?? Attribute(resource, "deployment.environment"),
            Release = Attribute(resource, "service.version"),
            Service = Attribute(resource, "service.name"),
            InputPreview = read.InputPreview,
            OutputPreview = read.OutputPreview,
            Scores = read.Scores.Count == 0 ? [] : [.. read.Scores.Select((score, index) => Score(score, trace, key, index))],
            Body = identity?.Body ?? FoldedBody.Fold(received.IsEmpty ? span.ToByteArray() : received),
            Origin = origin,
        };
    }

    public static string KindName(StepKind kind) => kind switch
    {
        StepKind.Trace => "TRACE",
        StepKind.Llm => "LLM",
        StepKind.Tool => "TOOL",
        StepKind.Agent => "AGENT",
        StepKind.Chain => "CHAIN",
        StepKind.Retriever => "RETRIEVER",
        StepKind.Embedding => "EMBEDDING",
        _ => "OTHER",
    };

    private static ScoreRow Score(ReadScore score, UInt128 trace, UInt128 span, int index)
    {
        // The same span sent again is the same score.
        byte[] identity = [.. Ids.Bytes(span), (byte)index, .. System.Text.Encoding.UTF8.GetBytes(score.Name)];
        return new()
        {
            Id = FoldedBody.HashOf(identity),
            Trace = trace,
            Span = span,
            Name = score.Name,
            Type = score.Value is not null ? "NUMERIC" : "CATEGORICAL",
            Value = score.Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? score.Label ?? "",
            Source = "AUTOMATED",
            Reason = score.Explanation ?? (score.Value is not null ? score.Label : null),
        };
    }

    private static string? ErrorOf(ReadSpan read) => (read.ErrorType, read.ErrorMessage) switch
    {
        (null, null) => null,
        (null, { } message) => message,
        ({ } type, null) => type,
        ({ } type, { } message) when type == message => message,
        ({ } type, { } message) => $"{type}: {message}",
    };

    private static ulong SpanId(ByteString bytes) =>
        bytes.Length == 8 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.Span) : 0;

    /// <summary>Clocks can be anything; times past the year 2262 become its end.</summary>
    private static long Nanoseconds(ulong time) => (long)Math.Min(time, long.MaxValue);

    private static string? Named(string? text) => string.IsNullOrWhiteSpace(text) ? null : Cut(text, LongestName);

    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..length];

    private static string? Attribute(Resource? resource, string name)
    {
        if (resource is null)
            return null;

        foreach (KeyValue attribute in resource.Attributes)
        {
            if (attribute.Key == name)
                return attribute.Value?.ValueCase == AnyValue.ValueOneofCase.StringValue ? Named(attribute.Value.StringValue) : null;
        }

        return null;
    }
}
