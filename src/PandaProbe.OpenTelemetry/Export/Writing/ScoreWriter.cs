using System.Text.Json;
using PandaProbe.Export.Scores;
using PandaProbe.Processing;

namespace PandaProbe.Export.Writing;

/// <summary>Writes the body of the request that stores a score.</summary>
internal static class ScoreWriter
{
    public static void Write(RequestBody body, ScoreItem score, FieldScanners? scanner)
    {
        JsonDraft draft = new();
        Utf8JsonWriter json = draft.Json;
        json.WriteStartObject();
        json.WriteString("trace_id"u8, score.TraceId);
        json.WriteString("name"u8, score.Name);
        json.WriteString("value"u8, score.Value);
        json.WriteString("data_type"u8,
            score.Type switch { ProbeScoreType.Boolean => "BOOLEAN"u8, ProbeScoreType.Categorical => "CATEGORICAL"u8, _ => "NUMERIC"u8 });
        json.WriteString("source"u8, "PROGRAMMATIC"u8);
        if (score.Reason is not null)
            json.WriteString("reason"u8, score.Reason);
        if (score.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach ((string? key, object? item) in score.Metadata)
            {
                json.WritePropertyName(key);
                ValueWriter.Write(json, item);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        SafetyFindings found = new();
        body.Write(SafeJson.MaskObject(scanner, null, draft.Storable(), found, prefix: "score."));
        found.Report();
    }
}
