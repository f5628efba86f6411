namespace PandaProbe.Readme;

/// <summary>The tables of Markdown files, as they stand in the repository.</summary>
internal static class ReadmeTables
{
    /// <summary>The cells of the rows of the table below a heading, without the two lines of its head.</summary>
    public static string[][] RowsUnder(string heading, string file = "README.md") =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, file))
        .SkipWhile(line => line != heading)
        .Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Skip(1)
        .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray()),
    ];
}
