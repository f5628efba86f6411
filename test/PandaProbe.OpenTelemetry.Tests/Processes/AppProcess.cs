using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace PandaProbe.Processes;

/// <summary>The test program, as a process with an environment of its own.</summary>
internal sealed class AppProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _readyMark;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private AppProcess(Process process, string readyMark)
    {
        _process = process;
        _readyMark = readyMark;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    private static string Program { get; } =
        typeof(AppProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TestApp").Value!;

    /// <param name="act">The argument of the program.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="directory">The working directory; that of the program by default.</param>
    /// <param name="readyMark">The text that the program prints once it is ready.</param>
    public static AppProcess Start(
        string act, Dictionary<string, string> environment, string? directory = null, string readyMark = "ready")
    {
        ProcessStartInfo start = new(System.Environment.ProcessPath!)
        {
            ArgumentList = { Program, act },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? Path.GetDirectoryName(Program),
        };
        foreach (string inherited in start.Environment.Keys.Where(
            key => key.StartsWith("OTEL_", StringComparison.Ordinal) || key.StartsWith("PANDAPROBE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach ((string? key, string? value) in environment)
            start.Environment[key] = value;
        Signals.RestoreDefaults(start);
        return new(Process.Start(start)!, readyMark);
    }

    public static async Task<Result> RunAsync(string act, Dictionary<string, string> environment)
    {
        using AppProcess process = Start(act, environment);
        return await process.WaitAsync();
    }

    /// <summary>Waits until the process says that it is ready, and returns the rest of that line.</summary>
    public Task<string> ReadyAsync() => _ready.Task.WaitAsync(Patience);

    /// <summary>Asks the process to end, as a container's host does, once it has said that it is ready.</summary>
    public async Task TerminateAsync(string signal = "TERM")
    {
        await ReadyAsync();
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<Result> WaitAsync()
    {
        long start = Stopwatch.GetTimestamp();
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new(_process.ExitCode, await _output, await _error, Stopwatch.GetElapsedTime(start));
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        StringBuilder output = new();
        while (await reader.ReadLineAsync() is { } line)
        {
            output.AppendLine(line);
            if (line.IndexOf(_readyMark, StringComparison.Ordinal) is >= 0 and var start)
                _ready.TrySetResult(line[(start + _readyMark.Length)..]);
        }

        _ready.TrySetException(new InvalidOperationException($"The process ended before it was ready: {output}"));
        return output.ToString();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    internal sealed record Result(int ExitCode, string Output, string Error, TimeSpan Elapsed);
}
