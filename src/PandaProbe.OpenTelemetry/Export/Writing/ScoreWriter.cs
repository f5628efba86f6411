using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Export.Scores;
using PandaProbe.Processing;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Writes the body of the request that stores a score, masked and redacted.</summary>
internal static class ScoreWriter
{
    public static void Write(RequestBody body, ScoreItem score, FieldScanners? scanner)
    {
        JsonDraft draft = new();
        Utf8JsonWriter json = draft.Json;
        TextMasking masking = new(scanner, kind: null, redaction: score.Policy, isAI: false);
        json.WriteStartObject();
        json.WriteString("trace_id"u8, score.TraceId);
        Write("name", score.Name);
        Write("value", score.Value);
        json.WriteString("data_type"u8,
            score.Type switch { ProbeScoreType.Boolean => "BOOLEAN"u8, ProbeScoreType.Categorical => "CATEGORICAL"u8, _ => "NUMERIC"u8 });
        json.WriteString("source"u8, "PROGRAMMATIC"u8);
        if (masking.Value(GenAI.Evaluation.Explanation, score.Reason) is { } reason)
            json.WriteString("reason"u8, JsonValue.TextOf(reason));
        if (score.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach ((string key, object? item) in score.Metadata)
            {
                json.WritePropertyName(masking.Name(key));
                ValueWriter.Write(json, masking.Value(SafetyFields.ScoreMetadata + key, item));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        body.Write(draft.Storable());
        masking.Findings.Report();

        void Write(string property, string text) =>
            json.WriteString(property, JsonValue.TextOf(masking.Value(SafetyFields.Score + property, text)!));
    }
}
