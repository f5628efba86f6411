using PandaProbe.Otlp;

namespace PandaProbe.Processes;

/// <summary>
/// The runs of the test program that <see cref="ConsoleProgramTests"/> look at. They start before the first test, a few at a time: one
/// after the other they would leave processors idle, and all at once they would take the processors from each other.
/// </summary>
public sealed class ConsoleRuns : IAsyncLifetime
{
    public static readonly (string Act, string Signal)[] Terminated =
    [
        ("wait", "TERM"), ("wait", "INT"), ("wait", "HUP"), ("wait", "QUIT"),
        ("wait-in-a-host", "TERM"), ("wait-in-a-host", "HUP"), ("wait-in-a-host", "QUIT"),
    ];

    private readonly Dictionary<string, Task<ConsoleRun>> _runs = [];
    private readonly SemaphoreSlim _places = new(2);

    public Task InitializeAsync()
    {
        foreach (string protocol in new[] { "http/protobuf", "grpc" })
            Start($"sample {protocol}", "sample", receiver => Otlp(receiver, protocol));
        foreach (string act in new[] { "configured-by-environment", "not-configured", "crash", "crash-async", "crash-on-a-thread", "exit" })
            Start(act, act, receiver => Otlp(receiver, "http/protobuf"));
        foreach ((string variable, string value) in new[]
        {
            ("PANDAPROBE_ENABLED", "false"), ("PANDAPROBE_ENABLED", "off"), ("OTEL_SDK_DISABLED", "true"),
        })
        {
            Start($"{variable}={value}", "sample", receiver => new(Otlp(receiver, "http/protobuf")) { [variable] = value });
        }

        Start("variables for traces", "configured-by-environment", receiver => new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = new Uri(receiver.HttpEndpoint, "my/path").ToString(),
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
        });
        Start("nowhere", "configured-by-environment", _ => []);
        if (!OperatingSystem.IsWindows())
        {
            foreach ((string act, string signal) in Terminated)
                Start($"{act} {signal}", act, receiver => Otlp(receiver, "http/protobuf"), signal);
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        // A filter may have left tests out.
        foreach (Task<ConsoleRun> run in _runs.Values)
            await (await run).DisposeAsync();
        _places.Dispose();
    }

    /// <summary>Hands over a run, with its receiver, to the one test that looks at it.</summary>
    internal async Task<ConsoleRun> TakeAsync(string name)
    {
        _runs.Remove(name, out Task<ConsoleRun>? run).ShouldBeTrue($"{name} is the run of one test");
        return await run!;
    }

    private void Start(string name, string act, Func<OtlpReceiver, Dictionary<string, string>> environment, string? signal = null) =>
        _runs.Add(name, RunAsync(act, environment, signal));

    private async Task<ConsoleRun> RunAsync(string act, Func<OtlpReceiver, Dictionary<string, string>> environment, string? signal)
    {
        await _places.WaitAsync();
        try
        {
            OtlpReceiver receiver = await OtlpReceiver.StartAsync();
            using var process = AppProcess.Start(act, environment(receiver));
            if (signal is not null)
                await process.TerminateAsync(signal);
            return new(await process.WaitAsync(), receiver);
        }
        finally
        {
            _places.Release();
        }
    }

    private static Dictionary<string, string> Otlp(OtlpReceiver receiver, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint).ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_SERVICE_NAME"] = "console-program",
    };
}
