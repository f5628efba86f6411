using System.Reflection;

namespace PandaProbe.Readme;

/// <summary>The README's tables, as they stand in the repository.</summary>
internal static class ReadmeTables
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "README.md"));

    /// <summary>The cells of the rows of the table below a heading, without the two lines of its head.</summary>
    public static string[][] RowsUnder(string heading) =>
    [
        .. Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray()),
    ];

    private static string RepositoryRoot() =>
        typeof(ReadmeTables).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;
}
