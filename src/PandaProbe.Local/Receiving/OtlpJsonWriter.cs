using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Receiving;

/// <summary>
/// Writes spans and log records in OTLP's JSON: ids are hexadecimal, enumerations are numbers, and integers of 64 bits are texts.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpJsonWriter
{
    public static void Write(Utf8JsonWriter json, IEnumerable<ResourceSpans> spans) => Write(
        json, ("resourceSpans", "scopeSpans", "spans"), Write,
        spans.Select(static resource => new OfResource<Span>(resource.Resource, resource.SchemaUrl,
            resource.ScopeSpans.Select(static scope => new OfScope<Span>(scope.Scope, scope.SchemaUrl, scope.Spans)))));

    public static void Write(Utf8JsonWriter json, IEnumerable<ResourceLogs> logs) => Write(
        json, ("resourceLogs", "scopeLogs", "logRecords"), Write,
        logs.Select(static resource => new OfResource<LogRecord>(resource.Resource, resource.SchemaUrl,
            resource.ScopeLogs.Select(static scope => new OfScope<LogRecord>(scope.Scope, scope.SchemaUrl, scope.LogRecords)))));

    public static void Write(Utf8JsonWriter json, Span span)
    {
        json.WriteStartObject();
        WriteId(json, "traceId", span.TraceId);
        WriteId(json, "spanId", span.SpanId);
        WriteText(json, "traceState", span.TraceState);
        WriteId(json, "parentSpanId", span.ParentSpanId);
        WriteNumber(json, "flags", span.Flags);
        WriteText(json, "name", span.Name);
        WriteNumber(json, "kind", (uint)span.Kind);
        WriteTime(json, "startTimeUnixNano", span.StartTimeUnixNano);
        WriteTime(json, "endTimeUnixNano", span.EndTimeUnixNano);
        WriteAttributes(json, span.Attributes, span.DroppedAttributesCount);
        if (span.Events.Count > 0)
            WriteEvents(json, span.Events);
        WriteNumber(json, "droppedEventsCount", span.DroppedEventsCount);
        if (span.Links.Count > 0)
            WriteLinks(json, span.Links);
        WriteNumber(json, "droppedLinksCount", span.DroppedLinksCount);
        if (span.Status is { } status)
        {
            json.WriteStartObject("status");
            WriteText(json, "message", status.Message);
            WriteNumber(json, "code", (uint)status.Code);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what spans and log records have around them.</summary>
    private static void Write<T>(
        Utf8JsonWriter json, (string Resources, string Scopes, string Items) names, Action<Utf8JsonWriter, T> write,
        IEnumerable<OfResource<T>> resources)
    {
        json.WriteStartObject();
        json.WriteStartArray(names.Resources);
        foreach (OfResource<T> resource in resources)
        {
            json.WriteStartObject();
            WriteResource(json, resource.Resource);
            json.WriteStartArray(names.Scopes);
            foreach (OfScope<T> scope in resource.Scopes)
            {
                json.WriteStartObject();
                WriteScope(json, scope.Scope);
                json.WriteStartArray(names.Items);
                foreach (T item in scope.Items)
                    write(json, item);
                json.WriteEndArray();
                WriteText(json, "schemaUrl", scope.SchemaUrl);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteText(json, "schemaUrl", resource.SchemaUrl);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, RepeatedField<Span.Types.Event> events)
    {
        json.WriteStartArray("events");
        foreach (Span.Types.Event item in events)
        {
            json.WriteStartObject();
            WriteTime(json, "timeUnixNano", item.TimeUnixNano);
            WriteText(json, "name", item.Name);
            WriteAttributes(json, item.Attributes, item.DroppedAttributesCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter json, RepeatedField<Span.Types.Link> links)
    {
        json.WriteStartArray("links");
        foreach (Span.Types.Link link in links)
        {
            json.WriteStartObject();
            WriteId(json, "traceId", link.TraceId);
            WriteId(json, "spanId", link.SpanId);
            WriteText(json, "traceState", link.TraceState);
            WriteAttributes(json, link.Attributes, link.DroppedAttributesCount);
            WriteNumber(json, "flags", link.Flags);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteStartObject();
        WriteTime(json, "timeUnixNano", record.TimeUnixNano);
        WriteTime(json, "observedTimeUnixNano", record.ObservedTimeUnixNano);
        WriteNumber(json, "severityNumber", (uint)record.SeverityNumber);
        WriteText(json, "severityText", record.SeverityText);
        if (record.Body is { } body)
        {
            json.WritePropertyName("body");
            WriteValue(json, body);
        }

        WriteAttributes(json, record.Attributes, record.DroppedAttributesCount);
        WriteNumber(json, "flags", record.Flags);
        WriteId(json, "traceId", record.TraceId);
        WriteId(json, "spanId", record.SpanId);
        WriteText(json, "eventName", record.EventName);
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, Resource? resource)
    {
        if (resource is null)
            return;

        json.WriteStartObject("resource");
        WriteAttributes(json, resource.Attributes, resource.DroppedAttributesCount);
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, InstrumentationScope? scope)
    {
        if (scope is null)
            return;

        json.WriteStartObject("scope");
        WriteText(json, "name", scope.Name);
        WriteText(json, "version", scope.Version);
        WriteAttributes(json, scope.Attributes, scope.DroppedAttributesCount);
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, RepeatedField<KeyValue> attributes, uint dropped)
    {
        if (attributes.Count > 0)
            WritePairs(json, "attributes", attributes);
        WriteNumber(json, "droppedAttributesCount", dropped);
    }

    private static void WritePairs(Utf8JsonWriter json, string name, RepeatedField<KeyValue> pairs)
    {
        json.WriteStartArray(name);
        foreach (KeyValue pair in pairs)
        {
            json.WriteStartObject();
            json.WriteString("key", pair.Key);
            if (pair.Value is { } value)
            {
                json.WritePropertyName("value");
                WriteValue(json, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, AnyValue value)
    {
        json.WriteStartObject();
        switch (value.ValueCase)
        {
            case AnyValue.ValueOneofCase.StringValue:
                json.WriteString("stringValue", value.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                json.WriteBoolean("boolValue", value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                json.WriteString("intValue", value.IntValue.ToString(CultureInfo.InvariantCulture));
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                json.WriteNumber("doubleValue", value.DoubleValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                json.WriteString("doubleValue", double.IsNaN(value.DoubleValue) ? "NaN" : value.DoubleValue > 0 ? "Infinity" : "-Infinity");
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                json.WriteBase64String("bytesValue", value.BytesValue.Span);
                break;
            case AnyValue.ValueOneofCase.ArrayValue:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (AnyValue item in value.ArrayValue.Values)
                    WriteValue(json, item);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                json.WriteStartObject("kvlistValue");
                WritePairs(json, "values", value.KvlistValue.Values);
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint number)
    {
        if (number != 0)
            json.WriteNumber(name, number);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, ulong time)
    {
        if (time != 0)
            json.WriteString(name, time.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteId(Utf8JsonWriter json, string name, ByteString id)
    {
        if (id.Length > 0)
            json.WriteString(name, Convert.ToHexStringLower(id.Span));
    }

    /// <summary>The items of a resource.</summary>
    private sealed record OfResource<T>(Resource? Resource, string SchemaUrl, IEnumerable<OfScope<T>> Scopes);

    /// <summary>The items of an instrumentation scope.</summary>
    private sealed record OfScope<T>(InstrumentationScope? Scope, string SchemaUrl, IEnumerable<T> Items);
}
