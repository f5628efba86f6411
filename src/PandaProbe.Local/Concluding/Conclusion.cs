namespace PandaProbe.Local.Concluding;

/// <summary>How a trace ended.</summary>
internal enum Outcome
{
    Completed,
    Failed,
    Running,
}

/// <summary>A tool that was called with the same arguments again and again.</summary>
internal sealed record RepeatedCall(string Tool, int Times, string FirstId, string? Arguments);

/// <summary>The failure that tells most about a trace.</summary>
/// <param name="StepId">The span that failed first, below which nothing failed.</param>
/// <param name="In">The span's name.</param>
/// <param name="Error">The type and the message.</param>
/// <param name="After">How long the span took to fail.</param>
/// <param name="Retries">How often the same step was tried again.</param>
/// <param name="Recovered">Whether the trace got over it: a retry succeeded, or the step above did.</param>
internal sealed record Failure(string StepId, string In, string? Error, TimeSpan After, int Retries, bool Recovered);

/// <summary>What happened in a trace: facts, and the same in one sentence.</summary>
internal sealed record Conclusion(
    string Sentence, Outcome Outcome, TimeSpan Duration, TraceSums Sums, Failure? Failure, int FailureCount,
    IReadOnlyList<RepeatedCall> Loops)
{
    /// <summary>From this many equal calls on, an agent goes round in circles.</summary>
    public const int LoopLength = 3;

    // A file of an earlier version has no hashes. Reading the contents of 40,000 calls takes two seconds.
    private const int MaxRead = 300;

    /// <summary>Concludes from the spans of a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="arguments">Returns the arguments of a tool's span by its id. Asked only for tools that were called several
    /// times: one of each loop, and those whose hash is not known.</param>
    /// <param name="now">The time, for traces that still run, in nanoseconds since 1970; zero when it does not matter.</param>
    public static Conclusion Of(TraceFacts trace, Func<string, string?> arguments, long now = 0)
    {
        StepTree tree = trace.Tree;
        var sums = TraceSums.Of(trace.Steps);
        List<Failure> failures = Failures.Find(tree);
        Outcome outcome = trace.IsFailed || tree.Roots.Any(root => root.IsError) ? Outcome.Failed
            : tree.Roots.Any(root => root.IsRunning) ? Outcome.Running
            : Outcome.Completed;

        // What was not recovered explains the trace's own failure. The last one is the nearest to it.
        Failure? failure = failures.FindLast(candidate => !candidate.Recovered) ?? failures.FirstOrDefault();
        IReadOnlyList<RepeatedCall> loops = FindLoops(tree, arguments);
        TimeSpan duration = DurationOf(trace.Steps, outcome == Outcome.Running ? now : 0);
        Conclusion conclusion = new("", outcome, duration, sums, failure, failures.Count, loops);
        return conclusion with { Sentence = conclusion.Say() };
    }

    private string Say()
    {
        List<string> happened = [];
        if (Outcome == Outcome.Running)
            happened.Add(Duration > TimeSpan.Zero ? $"running for {Words.Time(Duration)}" : "running");
        if (Failure is not null)
            happened.Add(Say(Failure, FailureCount - 1));
        else if (Outcome == Outcome.Failed)
            happened.Add($"failed after {Words.Time(Duration)}");
        else if (Outcome == Outcome.Completed)
            happened.Add($"completed in {Words.Time(Duration)}");
        foreach (RepeatedCall loop in Loops.Take(2))
            happened.Add($"called {loop.Tool} {Words.Times(loop.Times)} with the same arguments");
        if (Sums.Say() is { Length: > 0 } used)
            happened.Add(used);
        return string.Join("; ", happened);
    }

    private static string Say(Failure failure, int others)
    {
        List<string> words = [$"failed in {Words.Cut(failure.In, 80)}: {Words.ErrorType(failure.Error)} after {Words.Time(failure.After)}"];
        if (failure.Retries > 0)
            words.Add(failure.Retries == 1 ? "retried" : $"retried {Words.Times(failure.Retries)}");
        if (failure.Recovered)
            words.Add("recovered");
        else if (failure.Retries > 0)
            words.Add("not recovered");
        if (others > 0)
            words.Add(Words.Count(others, "other failure"));
        return string.Join(", ", words);
    }

    private static TimeSpan DurationOf(IReadOnlyList<StepFacts> steps, long now)
    {
        if (steps.Count == 0)
            return TimeSpan.Zero;

        long start = steps.Min(step => step.Start);
        long end = Math.Max(now, steps.Max(step => step.End));
        return TimeSpan.FromTicks(Math.Max(0, end - start) / 100);
    }

    private static List<RepeatedCall> FindLoops(StepTree tree, Func<string, string?> arguments)
    {
        List<RepeatedCall> loops = [];
        int read = 0;
        foreach (IGrouping<string, StepFacts> tools in tree.Ordered.Select(item => item.Step)
            .Where(step => step.Kind == Reading.StepKind.Tool).GroupBy(step => step.Name, StringComparer.Ordinal))
        {
            if (tools.Count() < LoopLength)
                continue;

            // A tool that was tried again after a failure is no loop.
            foreach (IGrouping<long?, StepFacts> same in tools.Where(step => !step.IsError).GroupBy(Hash))
            {
                if (same.Key is null || same.Count() < LoopLength)
                    continue;

                string shown = same.Key == 0 ? "" : Arguments.Normalise(arguments(same.First().Id));
                loops.Add(new RepeatedCall(tools.Key, same.Count(), same.First().Id, shown.Length == 0 ? null : shown));
            }
        }

        return loops;

        long? Hash(StepFacts step) => step.Arguments ?? (read++ < MaxRead ? Arguments.Hash(arguments(step.Id)) : null);
    }
}
