namespace PandaProbe.Testing.Snapshots;

/// <summary>A snapshot beside the source of its test.</summary>
/// <param name="path">The file.</param>
/// <param name="environment">Reads a variable of the environment.</param>
internal sealed class SnapshotFile(string path, Func<string, string?> environment)
{
    public const string UpdateVariable = "PANDAPROBE_UPDATE_SNAPSHOTS";
    private const string Folder = "Snapshots";
    private const int Context = 3;

    public string Path => path;

    /// <summary>Returns the snapshot of a test.</summary>
    /// <param name="test">The test's source, as the compiler names it.</param>
    /// <param name="member">The test.</param>
    /// <param name="name">Tells several snapshots of a test apart; <see langword="null"/> for the only one.</param>
    public static SnapshotFile Of(string test, string member, string? name)
    {
        string file = SourceFolder.FileName(test, name is null ? member : $"{member}.{name}", ".txt");
        string path = SourceFolder.PathBeside(test, Folder, file)
            ?? throw new ProbeAssertionException(
            $"The snapshot cannot be found, because the source of its test is not on this machine:\n{test}\n\n"
                + "Run the tests where their sources are, or copy the sources with the snapshots along.");
        return new(path, Environment.GetEnvironmentVariable);
    }

    /// <summary>Compares, or writes where the environment asks for it.</summary>
    /// <returns>What is wrong; <see langword="null"/> when the text is the snapshot.</returns>
    public string? Check(string text)
    {
        text = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        string? expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;
        if (text == expected)
            return null;

        bool isBuildServer = BuildServer.IsThis(environment);
        if (environment(UpdateVariable) == "1" && !isBuildServer)
        {
            TextFile.Write(path, text);
            return null;
        }

        string howTo = isBuildServer
            ? $"A build server writes no snapshot. Run the test with {UpdateVariable}=1 on your machine, and commit the file."
            : $"If the new text is right, run the test again with {UpdateVariable}=1, and commit the file.";
        return expected is null
            ? $"There is no snapshot yet:\n{path}\n\nIt would be:\n{Texts.Indent(text.TrimEnd('\n'))}\n\n{howTo}"
            : $"The text differs from its snapshot:\n{path}\n\n{Difference(expected.Split('\n'), text.Split('\n'))}\n\n{howTo}";
    }

    private static string Difference(string[] expected, string[] actual)
    {
        int first = 0;
        while (first < expected.Length && first < actual.Length && expected[first] == actual[first])
            first++;
        int below = 0;
        while (below < Math.Min(expected.Length, actual.Length) - first && expected[^(below + 1)] == actual[^(below + 1)])
            below++;
        IEnumerable<string> lines =
        [
            $"First difference, in line {first + 1}:",
            .. expected.Take(first).Skip(first - Context).Select(line => "    " + line),
            .. expected.Skip(first).Take(expected.Length - below - first).Select(line => "  - " + line),
            .. actual.Skip(first).Take(actual.Length - below - first).Select(line => "  + " + line),
            .. actual.Skip(actual.Length - below).Take(Context).Select(line => "    " + line),
        ];
        return string.Join("\n", lines.Select(line => line.TrimEnd()));
    }
}
