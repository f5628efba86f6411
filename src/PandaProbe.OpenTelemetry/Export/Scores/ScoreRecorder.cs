using System.Diagnostics;
using System.Globalization;
using PandaProbe.Context;
using PandaProbe.Diagnostics;
using PandaProbe.Values;

namespace PandaProbe.Export.Scores;

/// <summary>Takes scores from callers: checks them, and gives them to every exporter that is alive and to whoever listens to OpenTelemetry.</summary>
internal static class ScoreRecorder
{
    private const int MaxName = 512;

    public static void Record(Guid traceId, Activity? trace, string name, double value, string? reason, in ProbeFields metadata)
    {
        if (!double.IsFinite(value))
            Refuse(name, $"{value.ToString(CultureInfo.InvariantCulture)} is not a number to store");
        else
            Record(traceId, trace, name, value.ToString("R", CultureInfo.InvariantCulture), ProbeScoreType.Numeric, reason, metadata);
    }

    public static void Record(Guid traceId, Activity? trace, string name, bool value, string? reason, in ProbeFields metadata) =>
        Record(traceId, trace, name, value ? "true" : "false", ProbeScoreType.Boolean, reason, metadata);

    public static void Record(Guid traceId, Activity? trace, string name, string value, ProbeScoreType type, string? reason, in ProbeFields metadata)
    {
        try
        {
            if (traceId == Guid.Empty)
                return;

            if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(value))
            {
                Refuse(name ?? "", "a score needs a name and a value");
                return;
            }

            switch (type)
            {
                case ProbeScoreType.Numeric when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number):
                    Refuse(name, $"'{value}' is not a number");
                    return;
                case ProbeScoreType.Boolean when bool.TryParse(value, out bool flag):
                    value = flag ? "true" : "false";
                    break;
                case ProbeScoreType.Boolean:
                    Refuse(name, $"'{value}' is not true or false");
                    return;
            }

            if (trace is null && ActivityScope.Nearest(Activity.Current, trace: true) is { } current && ProbeIds.TraceId(current) == traceId)
                trace = current;

            ScoreItem score = new(traceId, trace, JsonText.Cut(name, MaxName), value, type, reason, Fields(metadata));
            LiveExporters.Add(score);
            ScoreEvent.Record(score);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("score", exception);
        }
    }

    private static KeyValuePair<string, object?>[] Fields(in ProbeFields metadata)
    {
        if (metadata.IsEmpty)
            return [];

        Dictionary<string, object?> fields = [];
        foreach (var (key, value) in metadata)
        {
            if (!string.IsNullOrEmpty(key))
                fields[key] = value.ToTag();
        }

        return [.. fields];
    }

    private static void Refuse(string name, string reason) => PandaProbeEventSource.Log.ValueRefused("score " + name, reason, "-");
}
