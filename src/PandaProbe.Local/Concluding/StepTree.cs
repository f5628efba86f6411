namespace PandaProbe.Local.Concluding;

/// <summary>
/// The spans of a trace as a tree: children in the order of their start, a span without a known parent is a root, cycles are cut. Positions
/// in arrays stand for spans, because a trace can have 100,000 of them.
/// </summary>
internal sealed class StepTree
{
    private const int None = -1;

    private readonly StepFacts[] _steps;
    private readonly Dictionary<string, int> _positions;
    private readonly int[] _firstChild;
    private readonly int[] _nextSibling;

    public StepTree(IReadOnlyList<StepFacts> steps)
    {
        _steps = [.. steps];
        Array.Sort(_steps, static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : string.CompareOrdinal(a.Id, b.Id));
        _positions = new(_steps.Length, StringComparer.Ordinal);
        for (int i = 0; i < _steps.Length; i++)
            _positions.TryAdd(_steps[i].Id, i);

        _firstChild = new int[_steps.Length];
        _nextSibling = new int[_steps.Length];
        Array.Fill(_nextSibling, None);
        Array.Fill(_firstChild, None);
        List<int> roots = Link();
        Ordered = new(_steps.Length);
        bool[] reached = new bool[_steps.Length];
        foreach (int root in roots)
            Walk(root, reached);

        // What no root leads to is in a cycle: its earliest span becomes a root.
        for (int i = 0; i < _steps.Length; i++)
        {
            if (reached[i] || _positions[_steps[i].Id] != i)
                continue;

            roots.Add(i);
            Walk(i, reached);
        }

        Roots = [.. roots.Select(root => _steps[root])];
    }

    public IReadOnlyList<StepFacts> Roots { get; }

    /// <summary>Gets all spans, each before its children, and how deep each one is.</summary>
    public List<(StepFacts Step, int Depth)> Ordered { get; }

    /// <summary>Returns the spans directly below, in the order of their start.</summary>
    public IEnumerable<StepFacts> Children(StepFacts step)
    {
        for (int i = _positions.TryGetValue(step.Id, out int at) ? _firstChild[at] : None; i != None; i = _nextSibling[i])
            yield return _steps[i];
    }

    /// <summary>Returns the span above; <see langword="null"/> for one whose parent is not there.</summary>
    public StepFacts? Parent(StepFacts step) => ParentOf(step) is var parent && parent != None ? _steps[parent] : null;

    /// <summary>Links children to parents, and returns the roots.</summary>
    private List<int> Link()
    {
        List<int> roots = [];

        // Backwards, because a child is put before those that its parent has already.
        for (int i = _steps.Length - 1; i >= 0; i--)
        {
            // The same span twice is one span.
            if (_positions[_steps[i].Id] != i)
                continue;

            if (ParentOf(_steps[i]) is var parent && parent == None)
            {
                roots.Add(i);
                continue;
            }

            _nextSibling[i] = _firstChild[parent];
            _firstChild[parent] = i;
        }

        roots.Reverse();
        return roots;
    }

    private int ParentOf(StepFacts step) =>
        step.ParentId is { } parent && parent != step.Id && _positions.TryGetValue(parent, out int position) ? position : None;

    private void Walk(int root, bool[] reached)
    {
        Stack<(int Position, int Depth)> open = [];
        Visit(root, 0);
        while (open.TryPop(out (int Position, int Depth) next))
        {
            if (_nextSibling[next.Position] is var sibling && sibling != None)
                open.Push((sibling, next.Depth));
            if (!reached[next.Position])
                Visit(next.Position, next.Depth);
        }

        void Visit(int position, int depth)
        {
            reached[position] = true;
            Ordered.Add((_steps[position], depth));
            if (_firstChild[position] != None)
                open.Push((_firstChild[position], depth + 1));
        }
    }
}
