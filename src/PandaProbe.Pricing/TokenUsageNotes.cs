namespace PandaProbe.Pricing;

/// <summary>What had to be corrected in the token counts that a <see cref="TokenUsage"/> was made from.</summary>
[Flags]
public enum TokenUsageNotes
{
    /// <summary>The counts were consistent and were taken as they were.</summary>
    None = 0,

    /// <summary>A negative count was refused; that field is unknown.</summary>
    NegativeRefused = 1,

    /// <summary>A count above <see cref="TokenUsage.MaxCount"/> was refused; that field is unknown.</summary>
    AbsurdRefused = 2,

    /// <summary>Cached, audio or image tokens did not fit in the input; they were counted beside it, and were added to it.</summary>
    InputRaised = 4,

    /// <summary>Reasoning, audio or image tokens did not fit in the output; they were counted beside it, and were added to it.</summary>
    OutputRaised = 8,

    /// <summary>A part of the cached tokens was larger than its whole, and was brought in line with it.</summary>
    CacheAdjusted = 16,
}
