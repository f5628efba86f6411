namespace PandaProbe.Testing;

/// <summary>Finds the folder of a test's source, where its snapshots and cassettes are.</summary>
internal static class SourceFolder
{
    /// <summary>Returns the path of a file that belongs to a test, or <see langword="null"/> when the source of the test is not on this
    /// machine.</summary>
    /// <param name="sourceFile">The test's source, as the compiler names it.</param>
    /// <param name="folder">The folder beside the source.</param>
    /// <param name="name">The name of the file.</param>
    public static string? PathBeside(string sourceFile, string folder, string name) =>
        Of(sourceFile) is { } source ? Path.Combine(source, folder, name) : null;

    /// <summary>Returns the name of a file that belongs to a test, in letters that every file system takes.</summary>
    /// <param name="sourceFile">The test's source, as the compiler names it.</param>
    /// <param name="member">The test, and what tells several files of it apart.</param>
    /// <param name="extension">The extension.</param>
    public static string FileName(string sourceFile, string member, string extension)
    {
        string safe = string.Concat(
            member.Select(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '_'));
        return $"{Path.GetFileNameWithoutExtension(sourceFile.Replace('\\', '/'))}.{safe}{extension}";
    }

    // Deterministic builds of build servers write /_/test/… instead of the path, and tests may run on another machine than the one that
    // built them. The folder is then looked for around the running program.
    private static string? Of(string sourceFile)
    {
        string path = sourceFile.Replace('\\', '/');
        if (File.Exists(path))
            return Path.GetDirectoryName(Path.GetFullPath(path));

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (DirectoryInfo? around = new(AppContext.BaseDirectory); around is not null; around = around.Parent)
        {
            for (int skipped = 0; skipped < parts.Length; skipped++)
            {
                string candidate = Path.Combine([around.FullName, .. parts[skipped..]]);
                if (File.Exists(candidate))
                    return Path.GetDirectoryName(candidate);
            }
        }

        return null;
    }
}
