namespace PandaProbe.Local.Concluding;

/// <summary>Finds what two sequences have in common.</summary>
internal static class Sequences
{
    /// <summary>Returns both sequences side by side: equal items in pairs, any other one alone.</summary>
    /// <param name="before">The length of the first sequence.</param>
    /// <param name="after">The length of the second sequence.</param>
    /// <param name="areEqual">Whether an item of the first equals one of the second.</param>
    /// <param name="maxCells">Above this many comparisons, only the equal beginnings and ends are found.</param>
    public static List<(int? Before, int? After)> Align(int before, int after, Func<int, int, bool> areEqual, long maxCells)
    {
        int start = 0;
        while (start < before && start < after && areEqual(start, start))
            start++;
        int end = 0;
        while (end < before - start && end < after - start && areEqual(before - 1 - end, after - 1 - end))
            end++;

        List<(int?, int?)> pairs = new(Math.Max(before, after));
        for (int i = 0; i < start; i++)
            pairs.Add((i, i));
        AlignMiddle(pairs, start, before - start - end, after - start - end, areEqual, maxCells);
        for (int i = end; i > 0; i--)
            pairs.Add((before - i, after - i));
        return pairs;
    }

    // The longest common subsequence, by a table.
    private static void AlignMiddle(
        List<(int?, int?)> pairs, int start, int before, int after, Func<int, int, bool> areEqual, long maxCells)
    {
        int a = 0;
        int b = 0;
        if ((long)before * after is > 0 and var cells && cells <= maxCells)
        {
            int[,] common = new int[before + 1, after + 1];
            for (int i = before - 1; i >= 0; i--)
            {
                for (int j = after - 1; j >= 0; j--)
                    common[i, j] = areEqual(start + i, start + j) ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }

            while (a < before && b < after)
            {
                if (areEqual(start + a, start + b))
                    pairs.Add((start + a++, start + b++));
                else if (common[a + 1, b] >= common[a, b + 1])
                    pairs.Add((start + a++, null));
                else
                    pairs.Add((null, start + b++));
            }
        }

        while (a < before)
            pairs.Add((start + a++, null));
        while (b < after)
            pairs.Add((null, start + b++));
    }
}
