namespace PandaProbe.Local.Concluding;

/// <summary>Finds where failures began, and whether a trace got over them.</summary>
internal static class Failures
{
    /// <summary>Returns the failed spans below which nothing failed, in the order of their start.</summary>
    public static List<Failure> Find(StepTree tree)
    {
        List<Failure> failures = [];
        Dictionary<string, StepFacts> steps = [];
        foreach ((StepFacts step, int _) in tree.Ordered)
            steps.TryAdd(step.Id, step);
        foreach ((StepFacts step, int _) in tree.Ordered)
        {
            // A failure that was recovered below does not explain this one.
            if (!step.IsError || tree.Children(step).Any(child => child.IsError && !IsRetried(tree, steps, child)))
                continue;

            StepFacts[] retries = Retries(tree, steps, step);
            failures.Add(new Failure(step.Id, step.Name, step.Error, step.Duration, retries.Length, IsRecovered(tree, steps, step)));
        }

        return failures;
    }

    private static bool IsRecovered(StepTree tree, Dictionary<string, StepFacts> steps, StepFacts step)
    {
        if (IsRetried(tree, steps, step))
            return true;

        // Somebody above caught it. Parents can form cycles.
        StepFacts at = step;
        for (int i = 0; i < steps.Count && at.ParentId is { } parent && steps.TryGetValue(parent, out StepFacts? above); i++)
        {
            if (!above.IsError)
                return !above.IsRunning;
            at = above;
        }

        return false;
    }

    private static bool IsRetried(StepTree tree, Dictionary<string, StepFacts> steps, StepFacts step) =>
        Array.Exists(Retries(tree, steps, step), retry => retry is { IsError: false, IsRunning: false });

    private static StepFacts[] Retries(StepTree tree, Dictionary<string, StepFacts> steps, StepFacts step)
    {
        IEnumerable<StepFacts> siblings = step.ParentId is { } parent && steps.TryGetValue(parent, out StepFacts? above)
            ? tree.Children(above) : tree.Roots;
        return [.. siblings.Where(
            other => other.Id != step.Id && other.Kind == step.Kind && other.Name == step.Name && other.Start > step.Start)];
    }
}
