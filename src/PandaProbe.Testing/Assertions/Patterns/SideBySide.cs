using System.Text;

namespace PandaProbe.Testing.Patterns;

/// <summary>Writes a pattern and the captured tree beside each other.</summary>
internal static class SideBySide
{
    private const string Title = "expected";

    public static string Of(IReadOnlyList<AlignedRow> rows)
    {
        int width = Math.Max(Title.Length, rows.Max(row => Left(row).Length));
        int first = rows.ToList().FindIndex(row => row.Difference is not null);
        StringBuilder text = new();
        text.Append("  ").Append(Title.PadRight(width)).Append(" | captured\n");
        for (int i = 0; i < rows.Count; i++)
        {
            AlignedRow row = rows[i];
            string mark = i == first ? "> " : row.Difference is not null ? "! " : "  ";
            string right = row.Captured is { } span ? new string(' ', row.Depth * 2) + span : "";
            text.Append(mark).Append(Left(row).PadRight(width)).Append(" | ").Append(right);
            while (text[^1] == ' ')
                text.Length--;
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Left(AlignedRow row) => row.Expected is { } node ? new string(' ', row.Depth * 2) + node.Text : "";
}
