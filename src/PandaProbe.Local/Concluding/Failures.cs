using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>Finds where failures began, and whether a trace got over them.</summary>
internal sealed class Failures
{
    private readonly StepTree _tree;
    private readonly Dictionary<(string? Parent, StepKind Kind, string Name), Siblings> _siblings = [];

    private Failures(StepTree tree)
    {
        _tree = tree;
        foreach ((StepFacts step, int _) in tree.Ordered)
        {
            if (!_siblings.TryGetValue(Key(step), out Siblings? alike))
                _siblings[Key(step)] = alike = new();
            alike.Starts.Add(step.Start);
            if (step is { IsError: false, IsRunning: false })
                alike.LastSuccess = Math.Max(alike.LastSuccess, step.Start);
        }

        foreach (Siblings alike in _siblings.Values)
            alike.Starts.Sort();
    }

    /// <summary>Returns the failed spans below which nothing failed, in the order of their start.</summary>
    public static List<Failure> Find(StepTree tree)
    {
        if (!tree.Ordered.Exists(static item => item.Step.IsError))
            return [];

        Failures all = new(tree);
        List<Failure> failures = [];
        foreach ((StepFacts step, int _) in tree.Ordered)
        {
            // A failure that was recovered below does not explain this one.
            if (!step.IsError || tree.Children(step).Any(child => child.IsError && !all.IsRetried(child)))
                continue;

            failures.Add(new Failure(step.Id, step.Name, step.Error, step.Duration, all.Retries(step), all.IsRecovered(step)));
        }

        return failures;
    }

    private bool IsRecovered(StepFacts step)
    {
        if (IsRetried(step))
            return true;

        // Somebody above caught it. Parents can form cycles.
        StepFacts at = step;
        for (int i = 0; i < _tree.Ordered.Count && _tree.Parent(at) is { } above; i++)
        {
            if (!above.IsError)
                return !above.IsRunning;
            at = above;
        }

        return false;
    }

    private bool IsRetried(StepFacts step) => _siblings[Key(step)].LastSuccess > step.Start;

    /// <summary>Returns how often the same step was started again below the same span.</summary>
    private int Retries(StepFacts step)
    {
        List<long> starts = _siblings[Key(step)].Starts;
        int low = 0;
        int high = starts.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (starts[middle] > step.Start)
                high = middle;
            else
                low = middle + 1;
        }

        return starts.Count - low;
    }

    private (string? Parent, StepKind Kind, string Name) Key(StepFacts step) => (_tree.Parent(step)?.Id, step.Kind, step.Name);

    /// <summary>The spans of one kind and name below one span. There can be 100,000 of them, and all can fail.</summary>
    private sealed class Siblings
    {
        public List<long> Starts { get; } = [];

        public long LastSuccess { get; set; } = long.MinValue;
    }
}
