namespace PandaProbe.Local.Concluding;

/// <summary>
/// Puts the spans of two traces side by side: parents with parents, and among their children those of the same kind and name in their
/// order.
/// </summary>
internal static class StepAlignment
{
    // Beyond this, two lists of children are matched one by one from their beginning.
    private const long MaxCells = 1_000_000;

    public static List<ComparedStep> Align(StepTree before, StepTree after)
    {
        List<ComparedStep> rows = [];
        HashSet<string> seenBefore = [];
        HashSet<string> seenAfter = [];
        Stack<ComparedStep> open = new();
        Push(open, Pairs([.. before.Roots], [.. after.Roots], 0));
        while (open.TryPop(out ComparedStep? row))
        {
            // In a cycle the same span comes again.
            if ((row.Before is { } left && !seenBefore.Add(left.Id)) | (row.After is { } right && !seenAfter.Add(right.Id)))
                continue;

            rows.Add(row);
            StepFacts[] lefts = row.Before is null ? [] : [.. before.Children(row.Before)];
            StepFacts[] rights = row.After is null ? [] : [.. after.Children(row.After)];
            Push(open, Pairs(lefts, rights, row.Depth + 1));
        }

        return rows;
    }

    private static void Push(Stack<ComparedStep> open, List<ComparedStep> rows)
    {
        for (int i = rows.Count - 1; i >= 0; i--)
            open.Push(rows[i]);
    }

    private static List<ComparedStep> Pairs(StepFacts[] before, StepFacts[] after, int depth)
    {
        // The roots of two runs are the same thing, whatever they are called.
        if (depth == 0 && before.Length == 1 && after.Length == 1)
            return [new ComparedStep(0, before[0], after[0])];

        // A failure is best put beside a failure, and its retry beside what went well.
        List<ComparedStep> rows = [];
        List<StepFacts> lefts = [];
        List<StepFacts> rights = [];
        foreach ((int? a, int? b) in Sequences.Align(
            before.Length, after.Length, (a, b) => IsSame(before[a], after[b]) && before[a].IsError == after[b].IsError, MaxCells))
        {
            if (a is { } left && b is { } right)
            {
                AddRest();
                rows.Add(new ComparedStep(depth, before[left], after[right]));
            }
            else if (a is { } only)
            {
                lefts.Add(before[only]);
            }
            else
            {
                rights.Add(after[b!.Value]);
            }
        }

        AddRest();
        return rows;

        void AddRest()
        {
            foreach ((int? a, int? b) in Sequences.Align(lefts.Count, rights.Count, (a, b) => IsSame(lefts[a], rights[b]), MaxCells))
                rows.Add(new ComparedStep(depth, a is { } left ? lefts[left] : null, b is { } right ? rights[right] : null));
            lefts.Clear();
            rights.Clear();
        }
    }

    private static bool IsSame(StepFacts a, StepFacts b) => a.Kind == b.Kind
        && (a.Name == b.Name || (a.Kind is Reading.StepKind.Llm or Reading.StepKind.Embedding && Operation(a.Name) == Operation(b.Name)));

    /// <summary>The conventions name calls "{operation} {model}". A call of another model is still the same step.</summary>
    private static string Operation(string name) => name.Split(' ')[0];
}
