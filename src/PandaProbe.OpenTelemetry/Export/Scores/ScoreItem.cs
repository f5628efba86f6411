using System.Diagnostics;
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

    public void WriteTo(Utf8Output output)
    {
        output.Raw("{\"trace_id\":"u8);
        output.Id(traceId);
        output.Raw(",\"name\":"u8);
        output.String(name);
        output.Raw(",\"value\":"u8);
        output.String(value);
        output.Raw(",\"data_type\":"u8);
        output.String(type switch { ProbeScoreType.Boolean => "BOOLEAN", ProbeScoreType.Categorical => "CATEGORICAL", _ => "NUMERIC" });
        output.Raw(",\"source\":\"PROGRAMMATIC\""u8);
        if (reason is not null)
        {
            output.Raw(",\"reason\":"u8);
            output.String(reason);
        }

        if (metadata.Length > 0)
        {
            output.Raw(",\"metadata\":"u8);
            for (int i = 0; i < metadata.Length; i++)
            {
                output.Byte(i == 0 ? (byte)'{' : (byte)',');
                output.String(metadata[i].Key);
                output.Byte((byte)':');
                ValueWriter.Write(output, metadata[i].Value);
            }

            output.Byte((byte)'}');
        }

        output.Byte((byte)'}');
    }

    public override string ToString() => $"{name}={value} ({SpanKinds.Trace} {traceId})";
}
