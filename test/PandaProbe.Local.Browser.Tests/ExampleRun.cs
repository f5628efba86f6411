using System.Diagnostics;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Runs an example as a program of its own.</summary>
internal static class ExampleRun
{
    /// <summary>Runs it to its end, with nothing but the variables that point any program at a receiver.</summary>
    public static async Task RunAsync(string example, Uri viewer)
    {
        string folder = Path.Combine(Viewer.Metadata("RepositoryRoot"), "examples", example, "bin", "Release", "net10.0");
        ProcessStartInfo start = new("dotnet", [Path.Combine(folder, $"{example}.dll")])
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
