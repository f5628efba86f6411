using System.Diagnostics;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>A program of <c>examples/</c>.</summary>
internal static class Example
{
    /// <summary>Runs it to its end, with nothing but the variables that point any program at a receiver.</summary>
    public static async Task RunAsync(string name, Uri viewer)
    {
        string root = Viewer.Metadata("RepositoryRoot");
        ProcessStartInfo start = new("dotnet", [Path.Combine(root, "examples", name, "bin", "Release", "net10.0", $"{name}.dll")])
        {
            RedirectStandardOutput = true,
            Environment = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = viewer.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
        };
        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, said);
    }
}
