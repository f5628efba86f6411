using System.Buffers;
using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpenTelemetry.Resources;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Processing;
using PandaProbe.Values;

namespace PandaProbe.Export.Local;

/// <summary>
/// Writes spans that run as OTLP JSON. OpenTelemetry's exporter gives every span an end, and an activity that runs cannot be marked in
/// place, because other exporters see it too.
/// </summary>
/// <param name="scanner">What is masked; null masks nothing.</param>
/// <param name="withContent">Whether inputs and outputs may be on spans.</param>
internal sealed class RunningSpanWriter(FieldScanners? scanner, bool withContent)
{
    // The content policy and the redaction of other libraries' tags are applied when their span ends. Until then only these leave.
    private static readonly string[] ForeignTags =
    [
        GenAI.OperationName, GenAI.ProviderName, GenAI.Request.Model, GenAI.Agent.Name, GenAI.Tool.Name, GenAI.Conversation.Id,
        General.SessionId, General.UserId, General.Tags,
    ];

    // Of the span that is being written. Before the first it is that of the resource.
    private TextMasking? _masking = scanner is null ? null : new(scanner, kind: null);

    public byte[] Write(IReadOnlyList<Activity> spans, Resource resource)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, JsonValue.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            foreach ((string key, object value) in resource.Attributes)
                WriteAttribute(json, key, value);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans");
            foreach (Activity span in spans)
                WriteScope(json, span);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteScope(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", span.Source.Name);
        json.WriteString("version", span.Source.Version);
        json.WriteEndObject();
        json.WriteStartArray("spans");
        WriteSpan(json, span);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteSpan(Utf8JsonWriter json, Activity span)
    {
        _masking = TextMasking.Of(span, scanner);
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToHexString());
        json.WriteString("spanId", span.SpanId.ToHexString());
        if (span.ParentSpanId != default)
            json.WriteString("parentSpanId", span.ParentSpanId.ToHexString());
        json.WriteString("name", _masking?.Name(span.DisplayName) ?? span.DisplayName);
        json.WriteNumber("kind", (int)span.Kind + 1);
        long nanoseconds = (span.StartTimeUtc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        json.WriteString("startTimeUnixNano", nanoseconds.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("attributes");
        WriteAttribute(json, Pandaprobe.Span.Pending, true);
        bool isWhole = withContent && ReferenceEquals(span.Source, ProbeSource.Instance)
            && span.GetTagItem(Pandaprobe.Span.Kind) is not null;
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
        {
            if (tag.Value is not null && (isWhole || ForeignTags.Contains(tag.Key)))
                WriteAttribute(json, tag.Key, tag.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteAttribute(Utf8JsonWriter json, string key, object value)
    {
        json.WriteStartObject();
        json.WriteString("key", _masking?.Name(key) ?? key);
        json.WriteStartObject("value");
        switch (_masking is null ? value : _masking.Value(key, value) ?? "")
        {
            case bool flag:
                json.WriteBoolean("boolValue", flag);
                break;
            case int or long or short or byte or sbyte or ushort or uint:
                json.WriteString("intValue", Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber("doubleValue", number);
                break;
            case string?[] texts:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (string? text in texts)
                {
                    json.WriteStartObject();
                    json.WriteString("stringValue", text ?? "");
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case var other:
                // It may be an object of the application, whose ToString() this calls.
                using (UserCode.Enter())
                {
                    json.WriteString(
                        "stringValue",
                        other is IEnumerable and not (string or ContentValue) ? FrozenValue.ToJson(other) : JsonValue.TextOf(other));
                }

                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
