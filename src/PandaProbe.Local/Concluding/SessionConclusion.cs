namespace PandaProbe.Local.Concluding;

/// <summary>What happened in a session, over all its traces.</summary>
internal sealed record SessionConclusion(string Sentence, Outcome LastOutcome, int Traces, int Failed, int Recovered, TraceSums Sums)
{
    /// <summary>Concludes from the conclusions of the traces, in the order of their start.</summary>
    public static SessionConclusion Of(IReadOnlyList<Conclusion> traces)
    {
        TraceSums sums = traces.Aggregate(default(TraceSums), (sum, trace) => sum + trace.Sums);
        int failed = traces.Count(trace => trace.Outcome == Outcome.Failed);
        int recovered = traces.Count(trace => trace is { Outcome: not Outcome.Failed, Failure: not null });
        Outcome last = traces.Count == 0 ? Outcome.Completed : traces[^1].Outcome;

        List<string> words = [Words.Count(traces.Count, "turn")];
        Conclusion? told = traces.LastOrDefault(trace => trace.Outcome == Outcome.Failed)
            ?? traces.LastOrDefault(trace => trace.Failure is not null);
        if (failed > 0)
            words.Add($"{failed:N0} failed{Where(told)}");
        if (recovered > 0)
            words.Add($"{recovered:N0} recovered{(failed > 0 ? "" : Where(told))}");
        if (last == Outcome.Running)
            words.Add("running");
        else if (failed > 0 && last == Outcome.Completed)
            words.Add("the last one completed");
        int loops = traces.Sum(trace => trace.Loops.Count);
        if (loops > 0)
            words.Add(Words.Count(loops, "loop"));

        string sentence = string.Join(", ", words);
        string used = sums.Say();
        return new SessionConclusion(used.Length > 0 ? $"{sentence}; {used}" : sentence, last, traces.Count, failed, recovered, sums);
    }

    private static string Where(Conclusion? told) =>
        told?.Failure is { } failure ? $" (in {Words.Cut(failure.In, 60)}: {Words.ErrorType(failure.Error)})" : "";
}
