namespace PandaProbe.Local.Concluding;

/// <summary>A row of two trees side by side: a span of both, or of one only.</summary>
internal sealed record ComparedStep(int Depth, StepFacts? Before, StepFacts? After)
{
    public TimeSpan? DurationDelta => Before is null || After is null ? null : After.Duration - Before.Duration;

    public bool OutcomeDiffers => Before is not null && After is not null && Before.IsError != After.IsError;
}
