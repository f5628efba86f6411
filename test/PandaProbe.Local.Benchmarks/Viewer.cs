using System.Diagnostics;
using System.Reflection;

namespace PandaProbe.Local.Benchmarks;

/// <summary>The viewer as a process of its own.</summary>
internal sealed class Viewer : IDisposable
{
    private readonly Process _process;

    private Viewer(Process process, string directory) => (_process, Directory) = (process, directory);

    public string Directory { get; }

    public string Store => Path.Combine(Directory, "traces.db");

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    public TimeSpan Started { get; private set; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double MegabytesOfMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>How many bytes it wrote to files and sockets. Known on Linux only.</summary>
    public long BytesWritten
    {
        get
        {
            string path = $"/proc/{_process.Id}/io";
            const string Name = "wchar:";
            return !File.Exists(path) ? 0
                : long.Parse(File.ReadLines(path).Single(static line => line.StartsWith(Name, StringComparison.Ordinal))[Name.Length..]);
        }
    }

    public double MegabytesOnDisk => new DirectoryInfo(Directory).EnumerateFiles().Sum(static file => file.Length) / 1e6;

    public static Viewer Start(params string[] arguments)
    {
        string tool = typeof(Viewer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "Tool")
            .Value!;
        string directory = System.IO.Directory.CreateTempSubdirectory("pandaprobe-local-benchmark-").FullName;
        ProcessStartInfo start = new(
            "dotnet", ["exec", tool, "serve", "--port", "0", "--grpc-port", "0", .. arguments])
        { RedirectStandardOutput = true };
        start.Environment["PANDAPROBE_LOCAL_DIRECTORY"] = directory;
        long begun = Stopwatch.GetTimestamp();
        Viewer viewer = new(Process.Start(start)!, directory);
        while (viewer.Http is null && viewer._process.StandardOutput.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["OTLP", var grpc, ..])
                viewer.Grpc = new(grpc);
            if (words is ["PandaProbe", "API", var http])
                viewer.Http = new(http);
        }

        viewer.Started = Stopwatch.GetElapsedTime(begun);
        return viewer;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
