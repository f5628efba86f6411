using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>Dates of birth: a date after a word that says so. Any other date is no finding.</summary>
internal static class Dates
{
    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups)
    {
        if (!scan.Wants(SensitiveType.BirthDate) || groups.Length < 3 || !IsDate(scan.Text, groups)
            || !scan.IsNear(groups[0].Start, ContextWords.Birth))
        {
            return false;
        }

        scan.Add(SensitiveType.BirthDate, groups[0].Start, groups[2].End, SensitiveConfidence.High, "birth-date");
        return true;
    }

    /// <summary>Whether the first three groups are a day, a month and a year in one of the usual orders.</summary>
    public static bool IsDate(ReadOnlySpan<char> text, ReadOnlySpan<NumberGroup> groups)
    {
        if (groups.Length < 3 || groups[1].Before != groups[2].Before || groups[1].Before is not ('-' or '.' or '/'))
        {
            return false;
        }

        (int first, int second, int third) = (Value(text, groups[0]), Value(text, groups[1]), Value(text, groups[2]));
        return groups[0].Length == 4
            ? first is >= 1800 and <= 2199 && Checksums.IsDate(second, third)
            : groups[0].Length <= 2 && groups[1].Length <= 2
                && (groups[2].Length == 2 || (groups[2].Length == 4 && third is >= 1800 and <= 2199))
                && (Checksums.IsDate(second, first) || Checksums.IsDate(first, second));
    }

    private static int Value(ReadOnlySpan<char> text, NumberGroup group)
    {
        int value = 0;
        for (int i = group.Start; i < Math.Min(group.End, group.Start + 5); i++)
        {
            value = (value * 10) + text[i] - '0';
        }

        return value;
    }
}
