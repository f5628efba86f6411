namespace PandaProbe.Readme;

/// <summary>The tables of the Markdown files, as they stand in the repository.</summary>
internal static class ReadmeTables
{
    /// <summary>The cells of the rows of the table below a heading, without the two lines of its head.</summary>
    /// <param name="file">The path of the file from the root of the repository.</param>
    /// <param name="heading">The whole line of the heading.</param>
    public static string[][] RowsUnder(string file, string heading) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, file)).SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray()),
    ];
}
