namespace PandaProbe;

/// <summary>Token counts on their way to becoming a consistent <see cref="TokenUsage"/>.</summary>
internal struct TokenUsageDraft
{
    internal long? Input;
    internal long? Output;
    internal long? CacheRead;
    internal long? CacheWrite;
    internal long? CacheWriteOneHour;
    internal long? Reasoning;
    internal long? AudioInput;
    internal long? AudioOutput;
    internal long? AudioCacheRead;
    internal long? ImageInput;
    internal long? ImageOutput;
    internal TokenUsageNotes Notes;

    internal void RefuseImpossible()
    {
        Refuse(ref Input);
        Refuse(ref Output);
        Refuse(ref CacheRead);
        Refuse(ref CacheWrite);
        Refuse(ref CacheWriteOneHour);
        Refuse(ref Reasoning);
        Refuse(ref AudioInput);
        Refuse(ref AudioOutput);
        Refuse(ref AudioCacheRead);
        Refuse(ref ImageInput);
        Refuse(ref ImageOutput);
    }

    internal void FitPartsIntoTotals()
    {
        FitOneHourIntoCacheWrite();

        // Caches first: only when they fit can audio and images be compared with an input that is complete.
        Fit(ref Input, TokenUsage.Sum(CacheRead, CacheWrite), TokenUsageNotes.InputRaised);
        Fit(ref Input, TokenUsage.Sum(AudioInput, ImageInput), TokenUsageNotes.InputRaised);
        Fit(ref Output, Reasoning, TokenUsageNotes.OutputRaised);
        Fit(ref Output, TokenUsage.Sum(AudioOutput, ImageOutput), TokenUsageNotes.OutputRaised);

        if (AudioCacheRead is { } both && both > Math.Min(AudioInput ?? 0, CacheRead ?? 0))
        {
            AudioCacheRead = Math.Min(AudioInput ?? 0, CacheRead ?? 0);
            Notes |= TokenUsageNotes.CacheAdjusted;
        }
    }

    internal void FitOneHourIntoCacheWrite()
    {
        if (CacheWriteOneHour is not { } oneHour || oneHour <= (CacheWrite ?? -1))
            return;
        if (CacheWrite is not null)
            Notes |= TokenUsageNotes.CacheAdjusted;
        CacheWrite = oneHour;
    }

    // A part larger than its total cannot be part of it: the provider counted the two side by side. A total that is unknown is at least
    // its parts.
    private void Fit(ref long? total, long? parts, TokenUsageNotes note)
    {
        if (parts is not { } known || known <= (total ?? -1))
            return;
        if (total is not null)
            Notes |= note;
        total = TokenUsage.Sum(total, known);
    }

    private void Refuse(ref long? count)
    {
        if (count is < 0)
            Notes |= TokenUsageNotes.NegativeRefused;
        else if (count is > TokenUsage.MaxCount)
            Notes |= TokenUsageNotes.AbsurdRefused;
        else
            return;
        count = null;
    }
}
