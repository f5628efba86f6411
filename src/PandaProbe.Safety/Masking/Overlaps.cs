namespace PandaProbe.Safety.Masking;

/// <summary>Makes findings that share characters one.</summary>
internal static class Overlaps
{
    /// <summary>Sorts findings by position. Where two overlap the surer one says the type, and both their characters are covered.</summary>
    public static List<SensitiveFinding> Resolve(List<SensitiveFinding> findings)
    {
        if (findings.Count == 1)
        {
            return findings;
        }

        // Most findings of a text come in its order.
        int sorted = 1;
        while (sorted < findings.Count && Compare(findings[sorted - 1], findings[sorted]) <= 0)
        {
            sorted++;
        }

        if (sorted < findings.Count)
        {
            findings.Sort(Compare);
        }

        int last = 0;
        for (int i = 1; i < findings.Count; i++)
        {
            SensitiveFinding before = findings[last], next = findings[i];
            if (next.Start < before.End)
            {
                SensitiveFinding surer = next.Confidence > before.Confidence && next.Length >= before.Length ? next : before;
                findings[last] = surer with { Start = before.Start, Length = Math.Max(before.End, next.End) - before.Start };
            }
            else
            {
                findings[++last] = next;
            }
        }

        findings.RemoveRange(last + 1, findings.Count - last - 1);
        return findings;
    }

    private static int Compare(SensitiveFinding x, SensitiveFinding y) =>
        x.Start != y.Start ? x.Start.CompareTo(y.Start) : y.Length.CompareTo(x.Length);
}
