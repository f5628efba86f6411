using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>
/// Finds the calls of tools in lines of OTLP JSON. Each line is one request; lines with logs or other records are passed over.
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
/// </summary>
internal static class OtlpToolCalls
{
    private const string OperationPrefix = "execute_tool ";

    private static readonly string[] Kinds = ["pandaprobe.span.kind", "openinference.span.kind"];
    private static readonly string[] Names = ["gen_ai.tool.name", "tool.name"];
    private static readonly string[] Arguments = ["gen_ai.tool.call.arguments", "input.value", "tool.parameters"];

    public static IEnumerable<TrajectoryStep> Read(string lines, string? traceId)
    {
        List<(string Trace, ulong Start, TrajectoryStep? Call)> spans = [];
        int number = 0;
        foreach (string line in lines.Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                ReadLine(line, number, spans);
        }

        string[] traces = [.. spans.Select(span => span.Trace).Distinct()];
        string wanted = (traceId, traces) switch
        {
            (null, [var only]) => only,
            (null, []) => throw new FormatException("There is no span in the text: it is not an export of traces in OTLP's JSON."),
            (null, _) => throw new FormatException(
            $"There are {traces.Length} traces in the text. Name one of them: {string.Join(", ", traces.Take(5))}"),
            _ when traces.Contains(traceId.ToLowerInvariant()) => traceId.ToLowerInvariant(),
            _ => throw new FormatException($"There is no trace {traceId} in the text. There are: {string.Join(", ", traces.Take(5))}"),
        };
        return spans.Where(span => span.Trace == wanted).OrderBy(span => span.Start).Select(span => span.Call).OfType<TrajectoryStep>();
    }

    private static void ReadLine(string line, int number, List<(string Trace, ulong Start, TrajectoryStep? Call)> spans)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            foreach (JsonElement span in Items(document.RootElement, "resourceSpans").SelectMany(resource => Items(resource, "scopeSpans"))
                .SelectMany(scope => Items(scope, "spans")))
            {
                spans.Add((Text(span, "traceId").ToLowerInvariant(), Time(span), Call(span)));
            }
        }
        catch (JsonException exception)
        {
            throw new FormatException($"Line {number} is not JSON: {TextCut.Short(line, 80)}", exception);
        }
    }

    private static TrajectoryStep? Call(JsonElement span)
    {
        Dictionary<string, JsonElement> attributes = [];
        foreach (JsonElement attribute in Items(span, "attributes"))
        {
            if (attribute.TryGetProperty("value", out JsonElement value))
                attributes[Text(attribute, "key")] = value;
        }

        bool isTool = First(attributes, Kinds) is { } kind
            ? kind == "TOOL" : First(attributes, ["gen_ai.operation.name"]) == "execute_tool";
        if (!isTool)
            return null;

        string name = Text(span, "name");
        string tool = First(attributes, Names)
            ?? (name.StartsWith(OperationPrefix, StringComparison.Ordinal) ? name[OperationPrefix.Length..] : name);
        return new TrajectoryStep(tool.Length == 0 ? "(unnamed)" : tool, First(attributes, Arguments));
    }

    private static string? First(Dictionary<string, JsonElement> attributes, string[] names) =>
        names.Select(name => attributes.TryGetValue(name, out JsonElement value) ? OtlpValues.Text(value) : null)
            .FirstOrDefault(value => value is not null);

    private static JsonElement[] Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement list)
            && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray()] : [];

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // Integers of 64 bits are texts in OTLP's JSON; some writers make numbers of them.
    private static ulong Time(JsonElement span) =>
        span.TryGetProperty("startTimeUnixNano", out JsonElement time)
        && ulong.TryParse(time.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong nanoseconds) ? nanoseconds : 0;
}
