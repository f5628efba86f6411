using PandaProbe.Otlp;

namespace PandaProbe.Processes;

/// <summary>These wait for seconds and hold to no exact time, so they run beside other tests.</summary>
public sealed class UnreachableReceiverTests
{
    private const string Answer = "It traces agents: What is PandaProbe?";

    [Theory]
    [InlineData("otlp")]
    [InlineData("pandaprobe")]
    public async Task A_receiver_that_is_down_does_not_keep_a_process_from_ending_and_one_line_says_what_is_lost(string receiver)
    {
        Dictionary<string, string> environment = receiver == "otlp"
            ? new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" }
            : new()
            {
                ["PANDAPROBE_ENDPOINT"] = "http://127.0.0.1:1",
                ["PANDAPROBE_API_KEY"] = "key",
                ["PANDAPROBE_PROJECT_NAME"] = "project"
            };

        AppProcess.Result result = await AppProcess.RunAsync("configured-by-environment", environment);

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        result.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem()
            .ShouldContain("could not send all traces before the end");
    }

    [Fact]
    public async Task A_backend_that_hangs_does_not_keep_a_process_from_ending()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(hangs: true);

        AppProcess.Result result = await AppProcess.RunAsync("sample", new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.HttpEndpoint.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
        });

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        receiver.Requests.ShouldNotBeEmpty();
        result.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
