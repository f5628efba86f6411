using PandaProbe.Otlp;

namespace PandaProbe.Processes;

/// <summary>These wait for seconds and hold to no exact time, so they run beside other tests and wait at the same time.</summary>
public sealed class UnreachableReceiverTests(UnreachableReceiverTests.Runs runs) : IClassFixture<UnreachableReceiverTests.Runs>
{
    private const string Answer = "It traces agents: What is PandaProbe?";

    [Theory]
    [InlineData("otlp")]
    [InlineData("pandaprobe")]
    public async Task A_receiver_that_is_down_does_not_keep_a_process_from_ending_and_one_line_says_what_is_lost(string receiver)
    {
        AppProcess.Result result = await (receiver == "otlp" ? runs.WithoutCollector : runs.WithoutBackend);

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        result.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem()
            .ShouldContain("could not send all traces before the end");
    }

    [Fact]
    public async Task A_backend_that_hangs_does_not_keep_a_process_from_ending()
    {
        AppProcess.Result result = await runs.WithHangingCollector;

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        runs.Hanging.Requests.ShouldNotBeEmpty();
        result.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    /// <summary>The processes. All start before the first test.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        internal OtlpReceiver Hanging { get; private set; } = null!;

        internal Task<AppProcess.Result> WithoutCollector { get; private set; } = null!;

        internal Task<AppProcess.Result> WithoutBackend { get; private set; } = null!;

        internal Task<AppProcess.Result> WithHangingCollector { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Hanging = await OtlpReceiver.StartAsync(hangs: true);
            WithoutCollector = AppProcess.RunAsync(
                "configured-by-environment", new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" });
            WithoutBackend = AppProcess.RunAsync("configured-by-environment", new()
            {
                ["PANDAPROBE_ENDPOINT"] = "http://127.0.0.1:1",
                ["PANDAPROBE_API_KEY"] = "key",
                ["PANDAPROBE_PROJECT_NAME"] = "project",
            });
            WithHangingCollector = AppProcess.RunAsync("sample", new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Hanging.HttpEndpoint.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
            });
        }

        public async Task DisposeAsync()
        {
            Task ended = Task.WhenAll(WithoutCollector, WithoutBackend, WithHangingCollector);
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Hanging.DisposeAsync();
        }
    }
}
