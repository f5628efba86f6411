using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads and writes baseline files.</summary>
internal static class BaselineJson
{
    private const int Digits = 6;

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(EvaluationBaseline baseline)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Readable))
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
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan).ReplaceLineEndings("\n") + "\n";
    }

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
            throw new FormatException(
                $"The text is not a baseline, like {{\"evaluation\":\"support\",\"evaluators\":{{\"exact\":{{\"refund-1\":1}}}}}}: {exception.Message}", exception);
        }
    }
}
