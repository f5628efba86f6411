namespace PandaProbe.Testing;

/// <summary>Writes files of text: UTF-8 without a byte order mark.</summary>
internal static class TextFile
{
    /// <summary>Writes a file, and makes its directory.</summary>
    public static void Write(string path, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            Directory.CreateDirectory(directory);
        File.WriteAllText(path, text);
    }
}
