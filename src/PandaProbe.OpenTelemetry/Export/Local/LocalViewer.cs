using System.Text.Json;

namespace PandaProbe.Export.Local;

/// <summary>A local viewer that runs on this machine.</summary>
/// <param name="Address">Where it takes OTLP over HTTP, and shows its pages.</param>
internal sealed record LocalViewer(Uri Address)
{
    /// <summary>Names another directory of the viewer, for the viewer and for applications.</summary>
    public const string DirectoryVariable = "PANDAPROBE_LOCAL_DIRECTORY";

    // A viewer writes its addresses into one file, and locks the other one while it runs.
    private const string AddressFile = "viewer.json";
    private const string LockFile = "viewer.lock";

    /// <summary>Gets the viewer's directory, which need not exist.</summary>
    public static string DefaultDirectory
    {
        get
        {
            string? given = System.Environment.GetEnvironmentVariable(DirectoryVariable);
            return !string.IsNullOrWhiteSpace(given)
                ? Path.GetFullPath(given)
                : Path.Combine(
                    System.Environment.GetFolderPath(
                        System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify),
                    "PandaProbe", "Local");
        }
    }

    /// <summary>Returns the viewer that runs; <see langword="null"/> when there is none.</summary>
    /// <param name="directory">The viewer's directory.</param>
    /// <param name="abandoned">
    /// The time of an address file that a viewer left behind. Its lock is not tried again, because a viewer that starts meanwhile would
    /// find the lock taken.
    /// </param>
    public static LocalViewer? Find(string directory, ref DateTime abandoned)
    {
        try
        {
            string file = Path.Combine(directory, AddressFile);
            DateTime written = File.GetLastWriteTimeUtc(file);
            if (written == abandoned || !File.Exists(file))
                return null;

            LocalViewer? viewer = Read(file);
            if (IsLocked(Path.Combine(directory, LockFile)))
                return viewer;

            abandoned = written;
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static LocalViewer? Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.TryGetProperty("http", out JsonElement http)
            && Uri.TryCreate(http.GetString(), UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp
            ? OnThisMachine(address)
            : null;
    }

    // Spans leave this machine by no file. A viewer that listens everywhere can be reached by loopback as well.
    private static LocalViewer? OnThisMachine(Uri address)
    {
        if (address.Host is "0.0.0.0" or "[::]")
            address = new UriBuilder(address) { Host = "localhost" }.Uri;
        return address.IsLoopback ? new(address) : null;
    }

    private static bool IsLocked(string file)
    {
        try
        {
            using FileStream free = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
