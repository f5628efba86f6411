namespace PandaProbe.Pricing;

/// <summary>Specifies the corrections made to the reported counts of a <see cref="TokenUsage"/>.</summary>
[Flags]
public enum TokenUsageNotes
{
    /// <summary>The counts were consistent and stayed unchanged.</summary>
    None = 0,

    /// <summary>A negative count was refused and became unknown.</summary>
    NegativeRefused = 1,

    /// <summary>A count above <see cref="TokenUsage.MaxCount"/> was refused and became unknown.</summary>
    AbsurdRefused = 2,

    /// <summary>Cached, audio or image tokens exceeded the input. They were reported separately, and were added to it.</summary>
    InputRaised = 4,

    /// <summary>Reasoning, audio or image tokens exceeded the output. They were reported separately, and were added to it.</summary>
    OutputRaised = 8,

    /// <summary>A part of the cached tokens exceeded its whole, so one of the two was corrected.</summary>
    CacheAdjusted = 16,
}
