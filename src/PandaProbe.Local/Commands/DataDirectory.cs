namespace PandaProbe.Local.Commands;

/// <summary>The directory of the viewer's own files. Only its owner can read it: traces hold what users said.</summary>
internal static class DataDirectory
{
    /// <summary>Names another directory, for tests and for machines without a home directory.</summary>
    public const string Variable = "PANDAPROBE_LOCAL_DIRECTORY";

    public static string Find()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        string path = !string.IsNullOrWhiteSpace(given)
            ? Path.GetFullPath(given)
            : Path.Combine(Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "PandaProbe", "Local");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public static void KeepToOwner(string file)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
