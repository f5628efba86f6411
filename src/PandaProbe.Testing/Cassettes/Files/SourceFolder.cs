namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>The folder of a test's source file.</summary>
internal static class SourceFolder
{
    /// <summary>Deterministic builds of build servers write <c>/_/test/…</c> instead of the path, and tests may run on another machine than
    /// the one that built them. The folder is then looked for around the running program.</summary>
    public static string Of(string sourceFile)
    {
        string path = sourceFile.Replace('\\', '/');
        if (File.Exists(path))
            return Path.GetDirectoryName(Path.GetFullPath(path))!;

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (DirectoryInfo? around = new(AppContext.BaseDirectory); around is not null; around = around.Parent)
        {
            for (int skipped = 0; skipped < parts.Length; skipped++)
            {
                string candidate = Path.Combine([around.FullName, .. parts[skipped..]]);
                if (File.Exists(candidate))
                    return Path.GetDirectoryName(candidate)!;
            }
        }

        throw new CassetteException(
            $"{sourceFile} is not on this machine, so its cassettes are not beside it. Name their folder: new CassetteOptions {{ Folder = … }}.");
    }
}
