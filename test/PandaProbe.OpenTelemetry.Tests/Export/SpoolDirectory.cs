namespace PandaProbe.Tests.Export;

/// <summary>A directory for a spool, which goes with the test.</summary>
internal sealed class SpoolDirectory : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "pandaprobe-spool-" + Guid.NewGuid().ToString("N"));

    public string[] Waiting => Directory.GetFiles(Path, "*.ppspool");

    public string[] SetAside => Directory.GetFiles(Path, "*.bad");

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
