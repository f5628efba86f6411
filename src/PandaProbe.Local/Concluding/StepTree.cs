namespace PandaProbe.Local.Concluding;

/// <summary>
/// The spans of a trace as a tree: children in the order of their start, a span without a known parent is a root, cycles are cut.
/// </summary>
internal sealed class StepTree
{
    private readonly ILookup<string, StepFacts> _children;

    public StepTree(IReadOnlyList<StepFacts> steps)
    {
        HashSet<string> known = [.. steps.Select(step => step.Id)];
        StepFacts[] ordered = [.. steps.OrderBy(step => step.Start).ThenBy(step => step.Id, StringComparer.Ordinal)];
        _children = ordered.Where(step => IsChild(step, known)).ToLookup(step => step.ParentId!, StringComparer.Ordinal);
        List<StepFacts> roots = [.. ordered.Where(step => !IsChild(step, known))];
        HashSet<string> reached = new(StringComparer.Ordinal);
        Walk(roots, reached);

        // What no root leads to is in a cycle: its earliest span becomes a root.
        foreach (StepFacts step in ordered)
        {
            if (reached.Contains(step.Id))
                continue;

            roots.Add(step);
            Walk([step], reached);
        }

        Roots = roots;
    }

    public IReadOnlyList<StepFacts> Roots { get; }

    /// <summary>Gets all spans, each before its children, and how deep each one is.</summary>
    public List<(StepFacts Step, int Depth)> Ordered { get; } = [];

    /// <summary>Returns the spans directly below, in the order of their start.</summary>
    public IEnumerable<StepFacts> Children(StepFacts step) => _children[step.Id].Where(child => child.Id != step.Id);

    private void Walk(IReadOnlyList<StepFacts> roots, HashSet<string> reached)
    {
        Stack<(StepFacts Step, int Depth)> open = new(roots.Reverse().Select(root => (root, 0)));
        while (open.TryPop(out (StepFacts Step, int Depth) next))
        {
            if (!reached.Add(next.Step.Id))
                continue;

            Ordered.Add(next);
            foreach (StepFacts child in Children(next.Step).Reverse())
                open.Push((child, next.Depth + 1));
        }
    }

    private static bool IsChild(StepFacts step, HashSet<string> known) =>
        step.ParentId is { } parent && parent != step.Id && known.Contains(parent);
}
