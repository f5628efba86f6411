using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Writes what a judge is asked, and reads what it answers.</summary>
internal static class JudgeAnswers
{
    /// <summary>
    /// Returns what to grade as JSON: in it no text of the agent can end its own quotation and speak to the judge as the user.
    /// </summary>
    public static string Question(EvaluationAttempt attempt) => CanonicalJson.Indented(json =>
    {
        json.WriteStartObject();
        json.WriteString("input", attempt.Case.Input);
        json.WriteString("output", attempt.Output);
        if (attempt.Case.Expected is { } expected)
            json.WriteString("expected", expected);
        json.WriteEndObject();
    });

    /// <summary>
    /// Returns the grade and its reason, or <see langword="null"/>. Text around the JSON is passed over, because many models put it into a
    /// fence of Markdown.
    /// </summary>
    public static (double Grade, string? Reason)? Read(string answer, int best)
    {
        int start = answer.IndexOf('{', StringComparison.Ordinal);
        int end = answer.LastIndexOf('}');
        if (start < 0 || end < start)
            return null;

        try
        {
            using var document = JsonDocument.Parse(answer.AsMemory(start, end - start + 1));
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("grade", out JsonElement grade) || grade.ValueKind != JsonValueKind.Number
                || grade.GetDouble() is not (>= 1 and var number) || number > best)
            {
                return null;
            }

            return (number, root.TryGetProperty("reason", out JsonElement reason) && reason.ValueKind == JsonValueKind.String
                ? reason.GetString() : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
