using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads and writes a step of a trajectory as JSON: <c>{"tool":"refund","arguments":{"amount":12.5}}</c>.</summary>
internal static class TrajectoryJson
{
    public static TrajectoryStep Read(string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new FormatException(
                $"Line {number} is not a step of a trajectory, like {{\"tool\":\"search\",\"arguments\":{{}}}}: {TextCut.Short(line, 80)}",
                exception);
        }
    }

    /// <summary>Reads a step, or a text that is the name of a tool.</summary>
    public static TrajectoryStep Read(JsonElement step)
    {
        if (step.ValueKind == JsonValueKind.String && step.GetString() is { Length: > 0 } name)
            return new TrajectoryStep(name);
        if (step.ValueKind != JsonValueKind.Object || !step.TryGetProperty("tool", out JsonElement tool)
            || tool.ValueKind != JsonValueKind.String || tool.GetString() is not { Length: > 0 } named)
        {
            throw new FormatException("a step needs a property \"tool\" with the name of the tool");
        }

        return new TrajectoryStep(named, step.TryGetProperty("arguments", out JsonElement arguments) ? arguments.GetRawText() : null);
    }

    public static string Write(TrajectoryStep step)
    {
        string tool = CanonicalJson.Of(CanonicalJson.Text(step.Tool));
        return step.Arguments is null ? $"{{\"tool\":{tool}}}" : $"{{\"tool\":{tool},\"arguments\":{step.Arguments}}}";
    }
}
