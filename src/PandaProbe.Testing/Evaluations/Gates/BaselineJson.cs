using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads and writes baseline files.</summary>
internal static class BaselineJson
{
    private const int Digits = 6;

    public static string Write(EvaluationBaseline baseline) => CanonicalJson.Indented(json =>
    {
        json.WriteStartObject();
        json.WriteString("evaluation", baseline.Evaluation);
        json.WriteStartObject("evaluators");
        foreach ((string name, IReadOnlyDictionary<string, double> cases) in baseline.Evaluators)
        {
            json.WriteStartObject(name);
            foreach ((string id, double score) in cases)
                json.WriteNumber(id, Math.Round(score, Digits));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }) + "\n";

    public static EvaluationBaseline Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            Dictionary<string, IReadOnlyDictionary<string, double>> evaluators = [];
            foreach (JsonProperty evaluator in root.GetProperty("evaluators").EnumerateObject())
            {
                Dictionary<string, double> cases = [];
                foreach (JsonProperty score in evaluator.Value.EnumerateObject())
                    cases[score.Name] = score.Value.GetDouble();
                evaluators[evaluator.Name] = cases;
            }

            return new EvaluationBaseline(root.GetProperty("evaluation").GetString() ?? "", evaluators);
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            string problem = exception is JsonException fault ? JsonFault.Of(fault) : "a name, an evaluator or a score is missing";
            throw new FormatException(
                $"The text is not a baseline, because {problem}.\n\n"
                + """A baseline looks like this:  {"evaluation":"support","evaluators":{"exact":{"refund-1":1}}}""",
                exception);
        }
    }
}
