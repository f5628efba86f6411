namespace PandaProbe.Testing;

/// <summary>Puts the steps of two trajectories side by side.</summary>
internal static class TrajectoryAlignment
{
    public static TrajectoryComparison Compare(Trajectory expected, Trajectory actual, TrajectoryOptions options)
    {
        TrajectoryStep[] wanted = [.. expected.Steps];
        TrajectoryStep[] made = [.. actual.Steps];
        bool[,] fits = new bool[wanted.Length, made.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            for (int j = 0; j < made.Length; j++)
                fits[i, j] = options.FindDifference(wanted[i], made[j]) is null;
        }

        bool isOrdered = options.Match is TrajectoryMatch.Strict or TrajectoryMatch.InOrder;
        int[] partners = isOrdered ? StepMatching.InOrder(fits) : StepMatching.InAnyOrder(fits);
        int matched = partners.Count(partner => partner >= 0);
        List<TrajectoryRow> rows = isOrdered
            ? OrderedRows(wanted, made, partners, options) : UnorderedRows(wanted, made, partners, options);
        return new TrajectoryComparison(options.Match, matched, wanted.Length, made.Length, rows);
    }

    // Between two pairs that match, steps of the same tool are put beside each other, so that the message shows what differs in them.
    private static List<TrajectoryRow> OrderedRows(
        TrajectoryStep[] wanted, TrajectoryStep[] made, int[] partners, TrajectoryOptions options)
    {
        List<TrajectoryRow> rows = [];
        int i = 0;
        int j = 0;
        for (int next = 0; next <= wanted.Length; next++)
        {
            if (next < wanted.Length && partners[next] < 0)
                continue;

            int end = next < wanted.Length ? partners[next] : made.Length;
            AddGap(rows, wanted[i..next], made[j..end], options);
            if (next < wanted.Length)
                rows.Add(new TrajectoryRow(wanted[next], made[end], null));
            i = next + 1;
            j = end + 1;
        }

        return rows;
    }

    private static void AddGap(List<TrajectoryRow> rows, TrajectoryStep[] wanted, TrajectoryStep[] made, TrajectoryOptions options)
    {
        bool[,] sameTool = new bool[wanted.Length, made.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            for (int j = 0; j < made.Length; j++)
                sameTool[i, j] = wanted[i].Tool == made[j].Tool;
        }

        int[] partners = StepMatching.InOrder(sameTool);
        int shown = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (partners[i] < 0)
            {
                rows.Add(new TrajectoryRow(wanted[i], null, null));
                continue;
            }

            for (; shown < partners[i]; shown++)
                rows.Add(new TrajectoryRow(null, made[shown], null));
            rows.Add(Differing(wanted[i], made[shown++], options));
        }

        for (; shown < made.Length; shown++)
            rows.Add(new TrajectoryRow(null, made[shown], null));
    }

    private static List<TrajectoryRow> UnorderedRows(
        TrajectoryStep[] wanted, TrajectoryStep[] made, int[] partners, TrajectoryOptions options)
    {
        List<int> left = [.. Enumerable.Range(0, made.Length).Except(partners)];
        List<TrajectoryRow> rows = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (partners[i] >= 0)
            {
                rows.Add(new TrajectoryRow(wanted[i], made[partners[i]], null));
                continue;
            }

            int similar = left.FindIndex(j => made[j].Tool == wanted[i].Tool);
            if (similar < 0)
            {
                rows.Add(new TrajectoryRow(wanted[i], null, null));
                continue;
            }

            rows.Add(Differing(wanted[i], made[left[similar]], options));
            left.RemoveAt(similar);
        }

        rows.AddRange(left.Select(j => new TrajectoryRow(null, made[j], null)));
        return rows;
    }

    private static TrajectoryRow Differing(TrajectoryStep wanted, TrajectoryStep made, TrajectoryOptions options) =>
        new(wanted, made, options.FindDifference(wanted, made) ?? "the step fits another place");
}
