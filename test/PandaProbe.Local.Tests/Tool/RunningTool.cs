using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>The viewer as a process of its own, on free ports and with a directory of its own.</summary>
internal sealed class RunningTool : IAsyncDisposable
{
    /// <summary>Tests that export in this process run one after the other, because one of them counts the threads of exports.</summary>
    public const string ExportsOfThisProcess = "exports of this process";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly bool _ownsDirectory;

    private RunningTool(Process process, string directory, bool ownsDirectory)
    {
        _process = process;
        _ownsDirectory = ownsDirectory;
        Directory = directory;
    }

    public string Directory { get; }

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Errors { get; private set; } = "";

    public int ProcessId => _process.Id;

    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("pandaprobe-local-test-").FullName;

    public static Process Launch(string directory, params string[] arguments) => Launch(directory, null, arguments);

    private static Process Launch(string directory, Action<ProcessStartInfo>? configure, string[] arguments)
    {
        string tool = typeof(RunningTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static data => data.Key == "Tool").Value!;
        ProcessStartInfo start = new(
            "dotnet", ["exec", tool, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PANDAPROBE_LOCAL_DIRECTORY"] = directory;
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");

        // As the tests themselves: see build/Test.props.
        start.Environment["DOTNET_TieredPGO"] = "0";
        configure?.Invoke(start);
        Signals.RestoreDefaults(start);
        return Process.Start(start)!;
    }

    public static Task<RunningTool> StartAsync(string? directory = null, params string[] arguments) =>
        StartAsync(directory, null, arguments);

    public static async Task<RunningTool> StartAsync(string? directory, Action<ProcessStartInfo>? configure, params string[] arguments)
    {
        bool owns = directory is null;
        directory ??= NewDirectory();
        Process process = Launch(directory, configure, ["serve", "--port", "0", "--grpc-port", "0", .. arguments]);
        RunningTool tool = new(process, directory, owns);
        process.ErrorDataReceived += (_, line) => tool.Errors += line.Data + "\n";
        process.BeginErrorReadLine();
        using CancellationTokenSource patience = new(Patience);
        while (tool.Http is null && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["OTLP", var grpc, ..])
                tool.Grpc = new(grpc);
            if (words is ["PandaProbe", "API", var http])
                tool.Http = new(http);
        }

        tool.Http.ShouldNotBeNull(tool.Errors);
        tool.Client = new() { BaseAddress = tool.Http, Timeout = Patience };
        return tool;
    }

    /// <summary>A provider with OpenTelemetry's own exporter, and nothing of PandaProbe.</summary>
    public TracerProvider Provider(string source, OtlpExportProtocol protocol, int batch = 512) => Sdk.CreateTracerProviderBuilder()
        .AddSource(source)
        .ConfigureResource(static resource => resource.AddService("shop", serviceVersion: "1.2.3")
        .AddAttributes([new("deployment.environment.name", "test")]))
        .AddOtlpExporter(options =>
        {
            options.Protocol = protocol;
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? Grpc : new(Http, "v1/traces");
            options.BatchExportProcessorOptions = new() { MaxExportBatchSize = batch, MaxQueueSize = 100_000 };
        })
        .Build();

    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it as a terminal or a service manager would.</summary>
    public async Task<int> TerminateAsync(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_ownsDirectory)
            System.IO.Directory.Delete(Directory, recursive: true);
    }
}
