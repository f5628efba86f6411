using System.Text.Json;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Otlp;
using static OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode;

namespace PandaProbe.Processes;

// Alone: a process has five seconds to say its last words, and other tests would eat them.
[Collection(ProcessWide.Name)]
public sealed class ConsoleProgramTests
{
    private const string Query = "What is PandaProbe?";
    private const string Answer = "It traces agents: What is PandaProbe?";

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task The_sample_arrives_whole_at_a_collector_without_a_call_to_flush(string protocol)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync("sample", Otlp(receiver, protocol));

        result.Error.ShouldBe("");
        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        receiver.Requests.ShouldAllBe(request => request == (protocol == "grpc"
            ? "POST /opentelemetry.proto.collector.trace.v1.TraceService/Export application/grpc"
            : "POST /v1/traces application/x-protobuf"));
        receiver.Spans.Count.ShouldBe(4);
        receiver.Received.SelectMany(resource => resource.ScopeSpans)
            .ShouldAllBe(scope => scope.Scope.Name == "PandaProbe" && scope.Scope.Version != "");
        receiver.Received.ShouldAllBe(
            resource => (string?)OtlpSpan.Value(resource.Resource.Attributes, "service.name") == "console-program");

        Span trace = receiver.Span("rag-pipeline"), retrieve = receiver.Span("retrieve"), generate = receiver.Span("generate"),
            publish = receiver.Span("publish");
        trace.ParentSpanId.ShouldBeEmpty();
        foreach (Span child in new[] { retrieve, generate, publish })
        {
            child.ParentSpanId.ShouldBe(trace.SpanId);
            child.TraceId.ShouldBe(trace.TraceId);
            child.StartTimeUnixNano.ShouldBeGreaterThanOrEqualTo(trace.StartTimeUnixNano);
            child.EndTimeUnixNano.ShouldBeLessThanOrEqualTo(trace.EndTimeUnixNano);
        }

        foreach (Span span in receiver.Spans)
        {
            span.Tag("session.id").ShouldBe("conversation-123");
            span.Tag("gen_ai.conversation.id").ShouldBe("conversation-123");
            span.Tag("user.id").ShouldBe("user-abc");
            span.Tag("tag.tags").ShouldBe(new object[] { "production" });
            span.DroppedAttributesCount.ShouldBe(0u);
        }

        trace.Tag("pandaprobe.span.kind").ShouldBe("TRACE");
        trace.Tag("pandaprobe.metadata.pipeline").ShouldBe("docs-qa");
        trace.Tag("input.value").ShouldBe(Query);
        trace.Kind.ShouldBe(Span.Types.SpanKind.Internal);
        Json(trace, "output.value").ShouldBe(Canonical($$"""{"messages":[{"role":"assistant","content":"{{Answer}}"}]}"""));

        retrieve.Tag("pandaprobe.span.kind").ShouldBe("RETRIEVER");
        retrieve.Tag("openinference.span.kind").ShouldBe("RETRIEVER");
        retrieve.Tag("gen_ai.operation.name").ShouldBe("retrieval");
        Json(retrieve, "input.value").ShouldBe(Canonical($$"""{"query":"{{Query}}"}"""));
        Json(retrieve, "output.value").ShouldBe(Canonical("""{"documents":["PandaProbe traces agents."]}"""));

        generate.Kind.ShouldBe(Span.Types.SpanKind.Client);
        generate.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        generate.Tag("openinference.span.kind").ShouldBe("LLM");
        generate.Tag("gen_ai.operation.name").ShouldBe("chat");
        generate.Tag("gen_ai.request.model").ShouldBe("gpt-5.4");
        generate.Tag("gen_ai.request.temperature").ShouldBe(0.7);
        generate.Tag("gen_ai.request.max_tokens").ShouldBe(1000L);
        generate.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        generate.Tag("gen_ai.usage.output_tokens").ShouldBe(80L);
        generate.Tag("gen_ai.usage.reasoning.output_tokens").ShouldBe(20L);
        generate.Tag("gen_ai.usage.cache_read.input_tokens").ShouldBe(64L);
        generate.Tag("pandaprobe.token_count_method").ShouldBe("reported");
        generate.Tag("pandaprobe.cost.total").ShouldBe(0.002);
        generate.Tag("gen_ai.usage.cost").ShouldBe(0.002);
        generate.Tag("pandaprobe.cost.source").ShouldBe("caller");
        Json(generate, "gen_ai.input.messages").ShouldBe(Canonical(
            $$"""[{"role":"system","parts":[{"type":"text","content":"You are terse."}]},{"role":"user","parts":[{"type":"text","content":"{{Query}}"}]}]"""));
        Json(generate, "gen_ai.output.messages").ShouldBe(Canonical(
            $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{Answer}}"}],"finish_reason":"stop"}]"""));

        publish.Tag("gen_ai.tool.name").ShouldBe("publish");
        publish.Status.Code.ShouldBe(Error);
        publish.Status.Message.ShouldBe("The channel is closed.");
        publish.Tag("error.type").ShouldBe("System.InvalidOperationException");
        Span.Types.Event exception = publish.Events.ShouldHaveSingleItem();
        exception.Name.ShouldBe("exception");
        exception.Tag("exception.type").ShouldBe("System.InvalidOperationException");
        exception.Tag("exception.message").ShouldBe("The channel is closed.");
        exception.Tag("exception.stacktrace").ShouldBeOfType<string>().ShouldContain("FailAsync");

        foreach (Span fine in new[] { trace, retrieve, generate })
        {
            (fine.Status?.Code ?? Unset).ShouldNotBe(Error);
            fine.Events.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task The_environment_alone_decides_where_traces_go()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync("configured-by-environment", Otlp(receiver, "http/protobuf"));

        result.ExitCode.ShouldBe(0);
        receiver.Spans.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Variables_for_traces_alone_win_over_the_general_ones()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync("configured-by-environment", new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = new Uri(receiver.HttpEndpoint, "my/path").ToString(),
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
        });

        result.ExitCode.ShouldBe(0);
        receiver.Spans.Count.ShouldBe(4);
        receiver.Requests.ShouldAllBe(request => request.StartsWith("POST /my/path "));
    }

    [Theory]
    [InlineData("PANDAPROBE_ENABLED", "false")]
    [InlineData("PANDAPROBE_ENABLED", "off")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Switched_off_by_the_environment_the_program_runs_and_sends_nothing(string variable, string value)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        Dictionary<string, string> environment = Otlp(receiver, "http/protobuf");
        environment[variable] = value;

        AppProcess.Result result = await AppProcess.RunAsync("sample", environment);

        (result.ExitCode, result.Output.Trim(), result.Error).ShouldBe((0, Answer, ""));
        receiver.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_any_set_up_the_program_runs_and_sends_nothing()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync("not-configured", Otlp(receiver, "http/protobuf"));

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        receiver.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("crash-async")]
    [InlineData("crash-on-a-thread")]
    public async Task A_process_that_dies_of_an_exception_still_delivers_its_open_spans_with_it(string act)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync(act, Otlp(receiver, "http/protobuf"));

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain("The end.");
        receiver.Spans.Select(span => span.Name).ShouldBe(["fatal step", "doomed"]);
        foreach (Span span in receiver.Spans)
        {
            span.Tag("session.id").ShouldBe("last-session");
            span.Status.Code.ShouldBe(Error);
            span.Status.Message.ShouldBe("The end.");
            span.Tag("error.type").ShouldBe("System.InvalidOperationException");
            span.Events.ShouldHaveSingleItem().Tag("exception.message").ShouldBe("The end.");
        }
    }

    [Fact]
    public async Task A_process_that_exits_in_the_middle_still_delivers_what_had_ended()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        AppProcess.Result result = await AppProcess.RunAsync("exit", Otlp(receiver, "http/protobuf"));

        result.ExitCode.ShouldBe(3);
        receiver.Spans.Select(span => span.Name).ShouldBe(["step"]);
    }

    // A terminal that is closed sends HUP. With a host, the host handles TERM, INT and QUIT only.
    [Theory]
    [InlineData("wait", "TERM")]
    [InlineData("wait", "INT")]
    [InlineData("wait", "HUP")]
    [InlineData("wait", "QUIT")]
    [InlineData("wait-in-a-host", "TERM")]
    [InlineData("wait-in-a-host", "HUP")]
    [InlineData("wait-in-a-host", "QUIT")]
    public async Task A_process_that_is_told_to_terminate_delivers_what_had_ended(string act, string signal)
    {
        if (OperatingSystem.IsWindows())
            return;

        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();

        using var process = AppProcess.Start(act, Otlp(receiver, "http/protobuf"));
        await process.TerminateAsync(signal);
        await process.WaitAsync();

        receiver.Span("served");
    }

    [Fact]
    public async Task A_program_whose_traces_go_nowhere_says_so_once_with_the_three_ways_out()
    {
        AppProcess.Result result = await AppProcess.RunAsync("configured-by-environment", []);

        (result.ExitCode, result.Output.Trim()).ShouldBe((0, Answer));
        string line = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        line.ShouldContain("PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME");
        line.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        line.ShouldContain("PandaProbeOptions.Export to None");
    }

    private static Dictionary<string, string> Otlp(OtlpReceiver receiver, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint).ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_SERVICE_NAME"] = "console-program",
    };

    private static string Json(Span span, string name) => Canonical(span.Tag(name).ShouldBeOfType<string>());

    private static string Canonical(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);
}
