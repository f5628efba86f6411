namespace PandaProbe.Local.Concluding;

/// <summary>What a trace or a session used. Spans that sum up others add nothing.</summary>
internal readonly record struct TraceSums(
    int Calls, long Input, long Output, long CacheRead, long Reasoning, decimal Cost, int Priced, int Estimated, int Unpriced)
{
    /// <summary>Gets the cached part of the input in percent; <see langword="null"/> when there is none.</summary>
    public int? CachedPercent => CacheRead > 0 && Input > 0 ? (int)Math.Round(100.0 * CacheRead / Math.Max(Input, CacheRead)) : null;

    public static TraceSums Of(IEnumerable<StepFacts> steps)
    {
        TraceSums sums = default;
        foreach (StepFacts step in steps)
            sums += Of(step);
        return sums;
    }

    public static TraceSums operator +(TraceSums a, TraceSums b) => new(
        a.Calls + b.Calls, a.Input + b.Input, a.Output + b.Output, a.CacheRead + b.CacheRead, a.Reasoning + b.Reasoning, a.Cost + b.Cost,
        a.Priced + b.Priced,
        a.Estimated + b.Estimated, a.Unpriced + b.Unpriced);

    /// <summary>Says it in words: <c>2 model calls, 2,920 → 42, $0.0007, 81 % cached</c>. Empty when there was no call.</summary>
    public string Say()
    {
        if (Calls == 0 && Input == 0 && Output == 0)
            return "";

        List<string> words = [Words.Count(Calls, "model call")];
        if (Input > 0 || Output > 0)
            words.Add(Words.Tokens(Input, Output));
        if (Priced > 0)
            words.Add(Words.Dollars(Cost) + (Estimated > 0 ? " estimated" : ""));
        if (Unpriced > 0)
            words.Add(Priced > 0 ? $"{Words.Count(Unpriced, "call")} without a price" : "no price known");
        if (CachedPercent is { } cached)
            words.Add($"{cached} % cached");
        return string.Join(", ", words);
    }

    private static TraceSums Of(StepFacts step)
    {
        TraceSums sums = new() { Calls = step.IsCall ? 1 : 0 };
        if (!step.Counts)
            return sums;

        bool isPriced = step.Cost is not null;
        return sums with
        {
            Input = step.Input ?? 0,
            Output = step.Output ?? 0,
            CacheRead = step.CacheRead ?? 0,
            Reasoning = step.Reasoning ?? 0,
            Cost = step.Cost ?? 0,
            Priced = isPriced ? 1 : 0,
            Estimated = isPriced && step.CostIsEstimated ? 1 : 0,
            Unpriced = isPriced || (step.Input ?? step.Output) is null ? 0 : 1,
        };
    }
}
