using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>Writes a comparison of trajectories for people.</summary>
internal static class TrajectoryText
{
    private const int MaxColumn = 56;

    public static string Of(TrajectoryComparison comparison)
    {
        StringBuilder text = new();
        text.Append(Summary(comparison)).Append("\n\n");
        int width = Math.Max("expected".Length, comparison.Rows.Max(row => (int?)Cell(row.Expected).Length) ?? 0);
        text.Append("  ").Append("expected".PadRight(width)).Append("  actual\n");
        foreach (TrajectoryRow row in comparison.Rows)
        {
            string line = $"{Mark(row, comparison)} {Cell(row.Expected).PadRight(width)}  {Cell(row.Actual)}";
            text.Append(line.TrimEnd()).Append('\n');
            if (row.Difference is not null)
                text.Append("    ").Append(TextCut.Short(row.Difference, 160)).Append('\n');
        }

        if (comparison.Rows.Count == 0)
            text.Append("  (no step)\n");
        if (!comparison.IsMatch)
            text.Append('\n').Append(Legend(comparison));
        return text.ToString().TrimEnd('\n');
    }

    private static string Summary(TrajectoryComparison comparison)
    {
        string rule = comparison.Match switch
        {
            TrajectoryMatch.Strict => "the expected steps in the expected order and no other",
            TrajectoryMatch.InOrder => "the expected steps in the expected order",
            TrajectoryMatch.Unordered => "the expected steps in any order and no other",
            TrajectoryMatch.Subset => "only expected steps",
            _ => "all expected steps in any order",
        };
        return string.Create(CultureInfo.InvariantCulture, $"""
            The trajectory {(comparison.IsMatch ? "has" : "should have")} {rule}{(comparison.IsMatch ? "." : ", but differs.")}
            {comparison.Matched} of {Texts.Count(comparison.ExpectedSteps, "expected step")} made: recall {comparison.Recall:0.00}. {comparison.Matched} of {Texts.Count(comparison.ActualSteps, "made step")} expected: precision {comparison.Precision:0.00}.
            """).ReplaceLineEndings("\n");
    }

    private static string Cell(TrajectoryStep? step) => step is null ? "" : TextCut.Short(step.ToString(), MaxColumn);

    // What the rule allows has no mark.
    private static char Mark(TrajectoryRow row, TrajectoryComparison comparison) => row switch
    {
        { Expected: null } => comparison.AllowsMore ? ' ' : '+',
        { Actual: null } => comparison.AllowsLess ? ' ' : '-',
        { Difference: null } => ' ',
        _ => '~',
    };

    private static string Legend(TrajectoryComparison comparison)
    {
        HashSet<char> marks = [.. comparison.Rows.Select(row => Mark(row, comparison))];
        string[] meanings =
        [
            .. marks.Contains('~') ? ["~ other arguments than expected"] : Array.Empty<string>(),
            .. marks.Contains('-') ? ["- expected and not made"] : Array.Empty<string>(),
            .. marks.Contains('+') ? ["+ made and not expected"] : Array.Empty<string>(),
        ];
        return string.Join(", ", meanings);
    }
}
