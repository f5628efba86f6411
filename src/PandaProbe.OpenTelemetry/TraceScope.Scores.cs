using PandaProbe.Export.Scores;

namespace PandaProbe;

// Judgements about this trace. They work after it has ended, too.
public readonly partial struct TraceScope
{
    /// <inheritdoc cref="Probe.Score(Guid, string, double, string?, in ProbeFields)"/>
    public void Score(string name, double value, string? reason = null, in ProbeFields metadata = default)
    {
        if (Activity is not null)
            ScoreRecorder.Record(TraceId, Activity, name, value, reason, metadata);
    }

    /// <inheritdoc cref="Probe.Score(Guid, string, bool, string?, in ProbeFields)"/>
    public void Score(string name, bool value, string? reason = null, in ProbeFields metadata = default)
    {
        if (Activity is not null)
            ScoreRecorder.Record(TraceId, Activity, name, value, reason, metadata);
    }

    /// <inheritdoc cref="Probe.Score(Guid, string, string, string?, in ProbeFields)"/>
    public void Score(string name, string value, string? reason = null, in ProbeFields metadata = default)
    {
        if (Activity is not null)
            ScoreRecorder.Record(TraceId, Activity, name, value, ProbeScoreType.Categorical, reason, metadata);
    }

    /// <inheritdoc cref="Probe.Score(Guid, string, string, ProbeScoreType, string?, in ProbeFields)"/>
    public void Score(string name, string value, ProbeScoreType type, string? reason = null, in ProbeFields metadata = default)
    {
        if (Activity is not null)
            ScoreRecorder.Record(TraceId, Activity, name, value, type, reason, metadata);
    }
}
