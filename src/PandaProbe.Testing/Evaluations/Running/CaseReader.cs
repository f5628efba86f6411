using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads the cases of an evaluation from JSON lines.</summary>
internal static class CaseReader
{
    private static readonly HashSet<string> Known = ["id", "input", "expected", "trajectory"];

    public static IReadOnlyList<EvaluationCase> Read(string lines)
    {
        List<EvaluationCase> cases = [];
        HashSet<string> ids = [];
        int number = 0;
        foreach (string line in lines.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;

            EvaluationCase read = ReadLine(line, number);
            if (!ids.Add(read.Id))
                throw new FormatException($"Line {number} has the id \"{read.Id}\", which an earlier line has as well.");
            cases.Add(read);
        }

        return cases;
    }

    private static EvaluationCase ReadLine(string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement.Clone(), number);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            string problem = exception is JsonException ? "it is not JSON" : exception.Message;
            throw new FormatException($"Line {number} is not a case, because {problem}: {TextCut.Short(line, 80)}", exception);
        }
    }

    private static EvaluationCase Read(JsonElement line, int number)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("input", out JsonElement input))
            throw new FormatException("it needs a property \"input\"");

        string id = line.TryGetProperty("id", out JsonElement given) ? Text(given) ?? "" : "";
        return new EvaluationCase(string.IsNullOrWhiteSpace(id) ? $"line {number}" : id, Text(input) ?? "")
        {
            Expected = line.TryGetProperty("expected", out JsonElement expected) ? Text(expected) : null,
            Trajectory = line.TryGetProperty("trajectory", out JsonElement steps) ? Steps(steps) : null,
            Metadata = line.EnumerateObject().Where(property => !Known.Contains(property.Name))
                .GroupBy(property => property.Name).ToDictionary(property => property.Key, property => property.Last().Value),
        };
    }

    private static Trajectory Steps(JsonElement steps) => steps.ValueKind == JsonValueKind.Array
        ? new Trajectory(steps.EnumerateArray().Select(TrajectoryJson.Read).ToArray())
        : throw new FormatException("\"trajectory\" must be a list of steps");

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
