using System.Diagnostics;
using System.Globalization;
using PandaProbe.Context;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Export.Scores;

/// <summary>
/// Takes scores from callers: checks them, and gives them to every exporter that is alive and to whoever listens to OpenTelemetry.
/// </summary>
internal static class ScoreRecorder
{
    private const int MaxText = 255;

    public static void Record(Guid traceId, Activity? trace, string name, double value, string? reason, in ProbeFields metadata)
    {
        // "R" writes a number so that it is read back as the same.
        Record(traceId, trace, name, value.ToString("R", CultureInfo.InvariantCulture), ProbeScoreType.Numeric, reason, metadata);
    }

    public static void Record(Guid traceId, Activity? trace, string name, bool value, string? reason, in ProbeFields metadata) =>
        Record(traceId, trace, name, value ? "true" : "false", ProbeScoreType.Boolean, reason, metadata);

    public static void Record(
        Guid traceId, Activity? trace, string name, string value, ProbeScoreType type, string? reason, in ProbeFields metadata)
    {
        if (UserCode.IsRunning)
            return;

        try
        {
            if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(value))
            {
                Refuse(name ?? "", "a score needs a name and a value");
                return;
            }

            switch (type)
            {
                case ProbeScoreType.Numeric when !double.TryParse(
                    value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || number is not (>= 0 and <= 1):
                    Refuse(name,
                        $"'{JsonText.Cut(value, MaxText)}' is not a number from 0 to 1; divide by the highest value of your scale");
                    return;
                case ProbeScoreType.Boolean when bool.TryParse(value, out bool flag):
                    value = flag ? "true" : "false";
                    break;
                case ProbeScoreType.Boolean:
                    Refuse(name, $"'{value}' is not true or false");
                    return;
            }

            if (trace is null && ActivityScope.Nearest(Activity.Current, trace: true) is { } current
                && ProbeIds.TraceId(current) == traceId)
            {
                trace = current;
            }

            // Reasons like to quote the answer.
            ContentPolicy policy = ContentPolicy.Current;
            reason = policy.Capture ? reason : null;
            Dictionary<string, object?> fields = Fields(metadata);
            ScoreItem score = new(
                traceId, trace, Fit("name", name, fields), Fit("value", value, fields), type, reason, [.. fields], policy);
            foreach (IScoreSink exporter in ProcessSettings.Current.Exporters.OfType<IScoreSink>())
                exporter.Add(score);
            ScoreEvent.Record(score, trace);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("score", exception);
        }
    }

    private static Dictionary<string, object?> Fields(in ProbeFields metadata)
    {
        Dictionary<string, object?> fields = [];
        foreach ((string? key, ProbeValue value) in metadata)
        {
            if (!string.IsNullOrEmpty(key))
                fields[key] = value.ToTag();
        }

        return fields;
    }

    private static string Fit(string field, string text, Dictionary<string, object?> fields)
    {
        if (text.Length <= MaxText)
            return text;

        fields[field + "_original_length"] = text.Length;
        return JsonText.Cut(text, MaxText);
    }

    private static void Refuse(string name, string reason) => PandaProbeEventSource.Log.ValueRefused("score " + name, reason, "-");
}
