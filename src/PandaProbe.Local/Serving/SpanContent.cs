using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>Writes everything about one span: what readers understood, and everything as it came.</summary>
internal static class SpanContent
{
    private const int DeepestValue = 60;

    public static void Write(Utf8JsonWriter json, StoredSpan stored)
    {
        Span span = stored.Span;
        ReadSpan read = stored.Read();
        json.WriteStartObject();
        json.WriteString("id", Ids.Hex(stored.Key));
        json.WriteString("trace", Ids.Hex(stored.Trace));
        json.WriteString("name", read.Name);
        json.WriteString("kind", SpanRowMaker.KindName(read.Kind));
        Text(json, "label", read.KindLabel);
        json.WriteNumber("start", Times.Milliseconds((long)Math.Min(span.StartTimeUnixNano, long.MaxValue)));
        if (span.EndTimeUnixNano != 0 && !read.IsPending)
            json.WriteNumber("end", Times.Milliseconds((long)Math.Min(span.EndTimeUnixNano, long.MaxValue)));
        json.WriteBoolean("isError", read.IsError);
        Text(json, "errorType", read.ErrorType);
        Text(json, "errorMessage", read.ErrorMessage);
        WriteContent(json, read);
        WriteModel(json, read);
        WriteRaw(json, stored, read);
        json.WriteEndObject();
    }

    public static void WriteContent(Utf8JsonWriter json, ReadSpan read)
    {
        if (read.Input.Count > 0)
        {
            json.WritePropertyName("input");
            MessageJson.Write(json, read.Input);
        }

        if (read.Output.Count > 0)
        {
            json.WritePropertyName("output");
            MessageJson.Write(json, read.Output);
        }

        MessageJson.WriteValue(json, "inputValue", read.InputValue);
        MessageJson.WriteValue(json, "outputValue", read.OutputValue);
        if (read.ToolName is not null || read.ToolArguments is not null || read.ToolResult is not null)
        {
            json.WriteStartObject("tool");
            Text(json, "name", read.ToolName);
            Text(json, "callId", read.ToolCallId);
            Text(json, "description", read.ToolDescription);
            MessageJson.WriteValue(json, "arguments", read.ToolArguments);
            MessageJson.WriteValue(json, "result", read.ToolResult);
            json.WriteEndObject();
        }

        MessageJson.WriteValue(json, "toolDefinitions", read.ToolDefinitions);
        Text(json, "query", read.Query);
        if (read.Documents.Count == 0)
            return;

        json.WriteStartArray("documents");
        foreach (ReadDocument document in read.Documents)
        {
            json.WriteStartObject();
            Text(json, "id", document.Id);
            Text(json, "content", document.Content);
            if (document.Score is { } score && double.IsFinite(score))
                json.WriteNumber("score", score);
            MessageJson.WriteValue(json, "metadata", document.Metadata);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteModel(Utf8JsonWriter json, ReadSpan read)
    {
        Text(json, "agent", read.AgentName);
        Text(json, "model", read.Model);
        Text(json, "requestModel", read.RequestModel);
        Text(json, "provider", read.Provider);
        Text(json, "responseId", read.ResponseId);
        json.WriteStartObject("usage");
        Number(json, "input", read.Usage.Input);
        Number(json, "output", read.Usage.Output);
        Number(json, "cacheRead", read.Usage.CacheRead);
        Number(json, "cacheWrite", read.Usage.CacheWrite);
        Number(json, "reasoning", read.Usage.Reasoning);
        Fields(json, read.OtherUsage);
        json.WriteEndObject();
        json.WriteBoolean("usageIsSum", read.UsageIsSum);
        Text(json, "tokenCountMethod", read.TokenCountMethod);
        if (read.Cost is { } cost)
            json.WriteNumber("cost", cost);
        json.WriteString("costSource", read.CostSource.ToString());
        Object(json, "costParts", read.CostParts);
        Object(json, "parameters", read.Parameters);
        Object(json, "metadata", read.Metadata);
        if (read.TimeToFirstChunk is { } first)
            json.WriteNumber("firstToken", first.TotalMilliseconds);
        Texts(json, "finishReasons", read.FinishReasons);
        Texts(json, "tags", read.Tags);
        Text(json, "session", read.SessionId);
        Text(json, "user", read.UserId);
        Text(json, "promptName", read.PromptName);
        Text(json, "promptVersion", read.PromptVersion);
        Number(json, "retries", read.RetryCount);
    }

    private static void WriteRaw(Utf8JsonWriter json, StoredSpan stored, ReadSpan read)
    {
        Texts(json, "readers", read.Readers);
        Texts(json, "rest", [.. read.Rest]);
        Span span = stored.Span;
        ScopeSpans scope = stored.Whole.ScopeSpans[0];
        json.WriteString("source", stored.Source == SpanSource.Rest ? "rest" : "otlp");
        json.WriteString("traceState", span.TraceState);
        json.WriteString("otelKind", span.Kind.ToString());
        json.WriteString("statusMessage", span.Status?.Message ?? "");
        Attributes(json, "attributes", span.Attributes);
        Attributes(json, "resource", stored.Whole.Resource?.Attributes ?? []);
        json.WriteString("scope", scope.Scope?.Name ?? "");
        json.WriteString("scopeVersion", scope.Scope?.Version ?? "");
        json.WriteNumber("droppedAttributes", span.DroppedAttributesCount);
        json.WriteNumber("droppedEvents", span.DroppedEventsCount);
        json.WriteStartArray("events");
        foreach (Span.Types.Event happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteString("name", happened.Name);
            json.WriteNumber("time", Times.Milliseconds((long)Math.Min(happened.TimeUnixNano, long.MaxValue)));
            Attributes(json, "attributes", happened.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("links");
        foreach (Span.Types.Link link in span.Links)
        {
            json.WriteStartObject();
            json.WriteString("trace", Convert.ToHexStringLower(link.TraceId.Span));
            json.WriteString("span", Convert.ToHexStringLower(link.SpanId.Span));
            Attributes(json, "attributes", link.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("logs");
        foreach (LogRecord log in stored.Logs)
        {
            json.WriteStartObject();
            json.WriteNumber("time",
                Times.Milliseconds((long)Math.Min(log.TimeUnixNano != 0 ? log.TimeUnixNano : log.ObservedTimeUnixNano, long.MaxValue)));
            json.WriteString("severity", log.SeverityText);
            json.WriteString("name", log.EventName);
            json.WritePropertyName("body");
            AnyValues.Write(json, log.Body, DeepestValue, bytesAsLength: true);
            Attributes(json, "attributes", log.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Attributes(Utf8JsonWriter json, string name, IEnumerable<KeyValue> attributes)
    {
        // A list, because a key may come twice.
        json.WriteStartArray(name);
        foreach (KeyValue attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", attribute.Key);
            json.WritePropertyName("value");
            AnyValues.Write(json, attribute.Value, DeepestValue, bytesAsLength: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Object(Utf8JsonWriter json, string name, List<ReadField> fields)
    {
        if (fields.Count == 0)
            return;

        json.WriteStartObject(name);
        Fields(json, fields);
        json.WriteEndObject();
    }

    private static void Fields(Utf8JsonWriter json, List<ReadField> fields)
    {
        foreach (ReadField field in fields)
        {
            json.WritePropertyName(field.Key);
            json.WriteRawValue(field.Json);
        }
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;

        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
    }
}
