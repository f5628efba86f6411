using System.Buffers;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads the events of the GenAI conventions, which are log records, and span events in some SDKs: the details of an operation, the
/// messages of the conventions up to version 1.36, and the results of evaluations.
/// </summary>
internal static class GenAIEvents
{
    private const string Details = "gen_ai.client.inference.operation.details";
    private const string Choice = "gen_ai.choice";
    private const string Evaluation = "gen_ai.evaluation.result";
    private const string Prompt = "gen_ai.content.prompt";
    private const string Completion = "gen_ai.content.completion";

    public static bool Any(SpanFields fields)
    {
        foreach (Span.Types.Event item in fields.Span.Events)
        {
            if (item.Name.StartsWith("gen_ai.", StringComparison.Ordinal))
                return true;
        }

        return fields.Logs.Any(log => NameOf(log)?.StartsWith("gen_ai.", StringComparison.Ordinal) == true);
    }

    public static void Read(SpanFields fields, ReadSpan read)
    {
        if (fields.Span.Events.Count == 0 && fields.Logs.Count == 0)
            return;

        List<ReadMessage> input = [];
        List<ReadMessage> output = [];
        foreach (Span.Types.Event item in fields.Span.Events)
            Read(fields, read, item.Name, item.Attributes, null, input, output);
        foreach (LogRecord log in fields.Logs)
        {
            if (NameOf(log) is { } name)
                Read(fields, read, name, log.Attributes, log.Body, input, output);
        }

        if (read.Input.Count == 0)
            read.Input = input;
        if (read.Output.Count == 0)
            read.Output = output;
    }

    private static void Read(
        SpanFields fields, ReadSpan read, string name, IReadOnlyCollection<KeyValue> attributes, AnyValue? body, List<ReadMessage> input,
        List<ReadMessage> output)
    {
        switch (name)
        {
            case Details or Prompt or Completion:
                GenAIVocabulary.ReadFields(fields.Of(attributes), read);
                if (body?.ValueCase == AnyValue.ValueOneofCase.KvlistValue)
                    GenAIVocabulary.ReadFields(fields.Of(body.KvlistValue.Values), read);
                break;
            case Evaluation:
                AddScore(fields.Of(attributes), read);
                break;
            case Choice:
                Add(output, attributes, body, ReadMessage.Assistant);
                break;
            default:
                if (RoleOf(name) is { } role)
                    Add(input, attributes, body, role);
                break;
        }
    }

    private static void Add(List<ReadMessage> messages, IReadOnlyCollection<KeyValue> attributes, AnyValue? body, string role)
    {
        if (messages.Count >= ReadLimits.Items)
            return;

        JsonElement? json = body?.Json() ?? attributes.FirstOrDefault(attribute => attribute.Key == "gen_ai.event.content")?.Value?.Json();
        if (json is null && body?.Text() is { Length: > 0 } text)
        {
            messages.Add(ReadMessage.Of(role, text));
            return;
        }

        JsonElement content = json ?? ToJson(attributes);
        ReadMessage? message = MessageReader.ReadOne(content, role);
        if (message is not { Parts.Count: > 0 })
        {
            // Strands Agents writes the parts without a message around them.
            if (MessageReader.Read(content.Get("message"), role) is not [{ } bare, ..])
                return;

            message = bare with { FinishReason = FinishReasons.Normalise(content.Text("finish_reason")) };
        }

        // The event's name says who spoke. Its role is the one that the provider has for that.
        messages.Add(role == ReadMessage.Tool ? message with { Role = role } : message);
    }

    private static JsonElement ToJson(IReadOnlyCollection<KeyValue> attributes)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (KeyValue attribute in attributes)
            {
                if (attribute.Value is null)
                    continue;

                json.WritePropertyName(attribute.Key);
                if (attribute.Key is "message" or "tool_calls" or "parts" && attribute.Value.Json() is { } nested)
                    json.WriteRawValue(nested.GetRawText(), skipInputValidation: true);
                else
                    AnyValues.Write(json, attribute.Value);
            }

            json.WriteEndObject();
        }

        return LenientJson.Parse(buffer.WrittenSpan) ?? default;
    }

    private static void AddScore(SpanFields fields, ReadSpan read)
    {
        if (read.Scores.Count < ReadLimits.Items && fields.Text("gen_ai.evaluation.name") is { } name)
        {
            read.Scores.Add(new ReadScore(
                name, fields.Number("gen_ai.evaluation.score.value"), fields.Text("gen_ai.evaluation.score.label"),
                fields.Text("gen_ai.evaluation.explanation"),
                fields.Text("gen_ai.response.id")));
        }
    }

    private static string? RoleOf(string name) => name switch
    {
        "gen_ai.system.message" => ReadMessage.System,
        "gen_ai.user.message" => ReadMessage.User,
        "gen_ai.assistant.message" => ReadMessage.Assistant,
        "gen_ai.tool.message" => ReadMessage.Tool,
        _ => null,
    };

    // Before event names had a field of their own, they were an attribute.
    private static string? NameOf(LogRecord log) =>
        log.EventName.Length > 0 ? log.EventName : log.Attributes.FirstOrDefault(attribute => attribute.Key == "event.name")?.Value?.Text();
}
