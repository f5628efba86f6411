using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Scores;

/// <summary>A judgement about a trace, on its way. Immutable.</summary>
internal sealed class ScoreItem(
    Guid traceId, Activity? trace, string name, string value, ProbeScoreType type, string? reason, KeyValuePair<string, object?>[] metadata)
{
    // A score may wait for minutes. It does not keep the content of its trace in memory.
    private readonly WeakReference<Activity>? _trace = trace is null ? null : new(trace);

    public Guid TraceId => traceId;

    /// <summary>The trace's activity, where it is known and somebody else references it.</summary>
    public Activity? Trace => _trace is not null && _trace.TryGetTarget(out Activity? target) ? target : null;

    public string Name => name;

    public string Value => value;

    public ProbeScoreType Type => type;

    public string? Reason => reason;

    public void WriteTo(RequestBody body)
    {
        JsonDraft draft = new();
        Utf8JsonWriter json = draft.Json;
        json.WriteStartObject();
        json.WriteString("trace_id"u8, traceId);
        json.WriteString("name"u8, name);
        json.WriteString("value"u8, value);
        json.WriteString("data_type"u8, type switch { ProbeScoreType.Boolean => "BOOLEAN"u8, ProbeScoreType.Categorical => "CATEGORICAL"u8, _ => "NUMERIC"u8 });
        json.WriteString("source"u8, "PROGRAMMATIC"u8);
        if (reason is not null)
            json.WriteString("reason"u8, reason);
        if (metadata.Length > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, item) in metadata)
            {
                json.WritePropertyName(key);
                ValueWriter.Write(json, item);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        body.Write(draft.Storable());
    }

    public override string ToString() => $"{name}={value} ({SpanKinds.Trace} {traceId})";
}
