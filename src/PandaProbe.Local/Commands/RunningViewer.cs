using System.Text.Json;
using System.Text.Json.Serialization;

namespace PandaProbe.Local.Commands;

/// <summary>
/// Where the viewer that runs can be found. One file is locked while it runs, which ends with the process however it ends; the other tells
/// its addresses.
/// </summary>
internal sealed record RunningViewer(int ProcessId, string Http, string Grpc, string Store, string Secret)
{
    private const string FileName = "viewer.json";
    private const string LockName = "viewer.lock";

    /// <summary>
    /// Returns the lock, or null when another viewer holds it.
    /// </summary>
    public static FileStream? TryLock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static RunningViewer? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(Path.Combine(directory, FileName)), RunningViewerJson.Default.RunningViewer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string directory)
    {
        string path = Path.Combine(directory, FileName);
        string draft = path + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, RunningViewerJson.Default.RunningViewer));
        DataDirectory.KeepToOwner(draft);
        File.Move(draft, path, overwrite: true);
    }

    public static void Delete(string directory) => File.Delete(Path.Combine(directory, FileName));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunningViewer))]
internal sealed partial class RunningViewerJson : JsonSerializerContext;
