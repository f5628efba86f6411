using System.Diagnostics;

namespace PandaProbe.Examples;

/// <summary>
/// The built Quickstart, run as a new user runs it: a process of its own, its output redirected, no settings but those given here.
/// </summary>
internal static class QuickstartProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<Run> RunAsync(params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { PathOfAssembly() },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsSetting))
            start.Environment.Remove(name);

        // A viewer may run on the machine of whoever runs the tests.
        start.Environment["PANDAPROBE_LOCAL_DIRECTORY"] = AppContext.BaseDirectory;
        foreach ((string? name, string? value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource bound = new(Patience);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The Quickstart did not end within {Patience}.");
        }

        return new(process.ExitCode, await output, await error);
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("PANDAPROBE_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal);

    // This test runs from test/<project>/bin/<configuration>/<framework>.
    private static string PathOfAssembly()
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string configuration = framework.Parent!.Name;
        string root = framework.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "examples", "Quickstart", "bin", configuration, framework.Name, "Quickstart.dll");
    }

    internal sealed record Run(int ExitCode, string Output, string Error)
    {
        public string[] Lines => Output.Split('\n');
    }
}
