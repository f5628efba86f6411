using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Receiving;

/// <summary>
/// Reads OTLP as JSON, which is not protobuf's own JSON: identifiers are hexadecimal, and unknown fields are ignored.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpJson
{
    private const int Deepest = 200;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, AllowTrailingCommas = true };

    public static ExportTraceServiceRequest ReadTraces(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Options);
        ExportTraceServiceRequest request = new();
        foreach (JsonElement item in Items(Root(document), "resourceSpans", "resource_spans"))
        {
            ResourceSpans resource = new() { SchemaUrl = Text(item, "schemaUrl") };
            if (Object(item, "resource") is { } origin)
                resource.Resource = ReadResource(origin);
            foreach (JsonElement inner in Items(item, "scopeSpans", "scope_spans"))
            {
                ScopeSpans scope = new() { SchemaUrl = Text(inner, "schemaUrl") };
                if (Object(inner, "scope") is { } library)
                    scope.Scope = ReadScope(library);
                scope.Spans.AddRange(Items(inner, "spans").Select(ReadSpan));
                resource.ScopeSpans.Add(scope);
            }

            request.ResourceSpans.Add(resource);
        }

        return request;
    }

    public static ExportLogsServiceRequest ReadLogs(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Options);
        ExportLogsServiceRequest request = new();
        foreach (JsonElement item in Items(Root(document), "resourceLogs", "resource_logs"))
        {
            ResourceLogs resource = new() { SchemaUrl = Text(item, "schemaUrl") };
            if (Object(item, "resource") is { } origin)
                resource.Resource = ReadResource(origin);
            foreach (JsonElement inner in Items(item, "scopeLogs", "scope_logs"))
            {
                ScopeLogs scope = new() { SchemaUrl = Text(inner, "schemaUrl") };
                if (Object(inner, "scope") is { } library)
                    scope.Scope = ReadScope(library);
                scope.LogRecords.AddRange(Items(inner, "logRecords", "log_records").Select(ReadLog));
                resource.ScopeLogs.Add(scope);
            }

            request.ResourceLogs.Add(resource);
        }

        return request;
    }

    private static Span ReadSpan(JsonElement item)
    {
        Span span = new()
        {
            TraceId = Id(item, "traceId", "trace_id"),
            SpanId = Id(item, "spanId", "span_id"),
            ParentSpanId = Id(item, "parentSpanId", "parent_span_id"),
            TraceState = Text(item, "traceState"),
            Name = Text(item, "name"),
            Kind = (Span.Types.SpanKind)Number(item, "kind", "SPAN_KIND_", typeof(Span.Types.SpanKind)),
            StartTimeUnixNano = Unsigned(item, "startTimeUnixNano"),
            EndTimeUnixNano = Unsigned(item, "endTimeUnixNano"),
            DroppedAttributesCount = (uint)Unsigned(item, "droppedAttributesCount"),
            DroppedEventsCount = (uint)Unsigned(item, "droppedEventsCount"),
            DroppedLinksCount = (uint)Unsigned(item, "droppedLinksCount"),
            Flags = (uint)Unsigned(item, "flags"),
        };
        span.Attributes.AddRange(Attributes(item));
        span.Events.AddRange(Items(item, "events").Select(static part =>
        {
            Span.Types.Event happened = new()
            {
                TimeUnixNano = Unsigned(part, "timeUnixNano"),
                Name = Text(part, "name"),
                DroppedAttributesCount = (uint)Unsigned(part, "droppedAttributesCount"),
            };
            happened.Attributes.AddRange(Attributes(part));
            return happened;
        }));
        span.Links.AddRange(Items(item, "links").Select(static part =>
        {
            Span.Types.Link link = new()
            {
                TraceId = Id(part, "traceId", "trace_id"),
                SpanId = Id(part, "spanId", "span_id"),
                TraceState = Text(part, "traceState"),
                DroppedAttributesCount = (uint)Unsigned(part, "droppedAttributesCount"),
                Flags = (uint)Unsigned(part, "flags"),
            };
            link.Attributes.AddRange(Attributes(part));
            return link;
        }));
        if (Object(item, "status") is { } status)
        {
            span.Status = new()
            {
                Message = Text(status, "message"),
                Code = (Status.Types.StatusCode)Number(status, "code", "STATUS_CODE_", typeof(Status.Types.StatusCode))
            };
        }

        return span;
    }

    private static LogRecord ReadLog(JsonElement item)
    {
        LogRecord log = new()
        {
            TimeUnixNano = Unsigned(item, "timeUnixNano"),
            ObservedTimeUnixNano = Unsigned(item, "observedTimeUnixNano"),
            SeverityNumber = (SeverityNumber)Number(item, "severityNumber", "SEVERITY_NUMBER_", typeof(SeverityNumber)),
            SeverityText = Text(item, "severityText"),
            DroppedAttributesCount = (uint)Unsigned(item, "droppedAttributesCount"),
            Flags = (uint)Unsigned(item, "flags"),
            TraceId = Id(item, "traceId", "trace_id"),
            SpanId = Id(item, "spanId", "span_id"),
            EventName = Text(item, "eventName"),
        };
        log.Attributes.AddRange(Attributes(item));
        if (Object(item, "body") is { } body)
            log.Body = ReadValue(body);
        return log;
    }

    private static Resource ReadResource(JsonElement item)
    {
        Resource resource = new() { DroppedAttributesCount = (uint)Unsigned(item, "droppedAttributesCount") };
        resource.Attributes.AddRange(Attributes(item));
        return resource;
    }

    private static InstrumentationScope ReadScope(JsonElement item)
    {
        InstrumentationScope scope = new()
        {
            Name = Text(item, "name"),
            Version = Text(item, "version"),
            DroppedAttributesCount = (uint)Unsigned(item, "droppedAttributesCount"),
        };
        scope.Attributes.AddRange(Attributes(item));
        return scope;
    }

    private static IEnumerable<KeyValue> Attributes(JsonElement item) => Items(item, "attributes").Select(ReadPair);

    private static KeyValue ReadPair(JsonElement pair)
    {
        KeyValue attribute = new() { Key = Text(pair, "key") };
        if (Object(pair, "value") is { } value)
            attribute.Value = ReadValue(value);
        return attribute;
    }

    private static AnyValue ReadValue(JsonElement item)
    {
        foreach (JsonProperty property in item.EnumerateObject())
        {
            JsonElement value = property.Value;
            switch (property.Name)
            {
                case "stringValue" or "string_value":
                    return new() { StringValue = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ToString() };
                case "boolValue" or "bool_value":
                    return new() { BoolValue = value.ValueKind == JsonValueKind.True };
                case "intValue" or "int_value":
                    return new() { IntValue = long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out long number) ? number : 0 };
                case "doubleValue" or "double_value":
                    return new()
                    {
                        DoubleValue = double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out double real)
                        ? real : double.NaN
                    };
                case "arrayValue" or "array_value":
                    ArrayValue array = new();
                    array.Values.AddRange(Items(value, "values").Select(ReadValue));
                    return new() { ArrayValue = array };
                case "kvlistValue" or "kvlist_value":
                    KeyValueList list = new();
                    list.Values.AddRange(Items(value, "values").Select(ReadPair));
                    return new() { KvlistValue = list };
                case "bytesValue" or "bytes_value":
                    return new()
                    {
                        BytesValue = value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out byte[]? bytes)
                        ? ByteString.CopyFrom(bytes) : ByteString.Empty
                    };
            }
        }

        return new();
    }

    private static JsonElement Root(JsonDocument document) => document.RootElement.ValueKind == JsonValueKind.Object
        ? document.RootElement
        : throw new InvalidDataException("The body is not a JSON object.");

    private static IEnumerable<JsonElement> Items(JsonElement item, string name, string? otherwise = null)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return [];
        if (!item.TryGetProperty(name, out JsonElement list) && (otherwise is null || !item.TryGetProperty(otherwise, out list)))
            return [];
        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static part => part.ValueKind == JsonValueKind.Object) : [];
    }

    private static JsonElement? Object(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Reads a number that may stand in quotes. One that is not understood is zero, as if it was not sent.</summary>
    private static ulong Unsigned(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value)
            && ulong.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : 0;

    /// <summary>Reads an enumeration, which is a number, but which some senders write by its name.</summary>
    private static int Number(JsonElement item, string name, string prefix, Type type)
    {
        if (!item.TryGetProperty(name, out JsonElement value))
            return 0;

        string text = value.ToString();
        if (int.TryParse(text, CultureInfo.InvariantCulture, out int number))
            return number;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && Enum.TryParse(type, text[prefix.Length..].Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out object? known)
            ? (int)known
            : 0;
    }

    /// <summary>Reads an identifier. What is not hexadecimal becomes empty, and the span with it is rejected.</summary>
    private static ByteString Id(JsonElement item, string name, string otherwise)
    {
        string text = Text(item, name) is { Length: > 0 } given ? given : Text(item, otherwise);
        if (text.Length == 0)
            return ByteString.Empty;

        byte[] bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done && written == bytes.Length
            ? ByteString.CopyFrom(bytes)
            : ByteString.Empty;
    }
}
