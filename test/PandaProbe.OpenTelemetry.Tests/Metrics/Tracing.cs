namespace PandaProbe.Metrics;

/// <summary>What becomes of the span of a call that metrics count.</summary>
public enum Tracing
{
    Recorded,
    RecordedByOthers,
    SampledOut,
    SampledOutBelowATrace,
    Nobody,
}
