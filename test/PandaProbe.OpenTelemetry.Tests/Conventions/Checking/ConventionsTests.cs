using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;
using PandaProbe.Runtime;

namespace PandaProbe.Conventions;

[Collection(ProcessWide.Name)]
public sealed class ConventionsTests
{
    [Fact]
    public void A_program_that_uses_every_field_breaks_no_convention()
    {
        using SpanRecording recording = new(options => options.Otlp.Dialects = Enum.GetValues<ProbeDialects>().Aggregate((a, b) => a | b));
        UseEveryField();

        recording.Spans.Count.ShouldBe(9);
        recording.Span("planner").Tag("gen_ai.provider.name").ShouldBe("openai");
        ConventionsChecker.Check(recording.Spans).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_collector_gets_breaks_no_convention_and_says_which_version_it_follows()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (ProviderGroup.KeepApart())
        using (Sdk.CreateTracerProviderBuilder().ConfigureResource(resource => resource.AddAttributes([new("service.version", "own")]))
            .AddPandaProbe(options =>
            {
                options.Export = ProbeExport.Otlp;
                options.PandaProbe.Environment = "staging";
                options.PandaProbe.Release = "2.1";
                options.Otlp.Configure = otlp =>
                {
                    otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
                    otlp.Endpoint = new(receiver.HttpEndpoint, "v1/traces");
                };
            }).Build())
        {
            UseEveryField();
        }

        receiver.Spans.Count.ShouldBe(9);
        receiver.Spans.SelectMany(ConventionsChecker.Check).ShouldBeEmpty();
        ResourceSpans resource = receiver.Received[0];
        resource.ScopeSpans.ShouldHaveSingleItem().SchemaUrl.ShouldBe("https://opentelemetry.io/schemas/1.41.0");
        OtlpSpan.Value(resource.Resource.Attributes, "deployment.environment.name").ShouldBe("staging");
        OtlpSpan.Value(resource.Resource.Attributes, "service.version").ShouldBe("own");
    }

    [Theory]
    [InlineData("gen_ai.request.temperature", 1L, "gen_ai.request.temperature is a Int64 (1), not a double")]
    [InlineData("gen_ai.request.max_tokens", 1.0, "gen_ai.request.max_tokens is a Double (1), not a int")]
    [InlineData("gen_ai.response.finish_reasons", "stop", "gen_ai.response.finish_reasons is a String (stop), not a string[]")]
    [InlineData("gen_ai.provider.name", "OpenAI", "gen_ai.provider.name is OpenAI, not openai")]
    [InlineData("gen_ai.provider.name", null, "gen_ai.provider.name is missing")]
    [InlineData("gen_ai.operation.name", "talk", "talk is no operation of the conventions")]
    [InlineData("gen_ai.invented", "x", "gen_ai.invented is no attribute of the conventions")]
    [InlineData("gen_ai.system", "openai", "gen_ai.system is deprecated")]
    [InlineData("server.address", "localhost", "server.port is missing")]
    [InlineData("session.id", "session", "gen_ai.conversation.id is missing")]
    [InlineData("gen_ai.response.time_to_first_chunk", 0.5, "gen_ai.request.stream is missing")]
    [InlineData("gen_ai.operation.name", "execute_tool", "gen_ai.execute_tool.internal is a span of kind Client")]
    [InlineData("error.type", "timeout", "error.type on a span that did not fail")]
    [InlineData("gen_ai.output.messages", """[{"role":"assistant","parts":[]}]""", "gen_ai.output.messages: $[0] lacks finish_reason")]
    [InlineData("gen_ai.input.messages", """[{"role":"user","parts":"hello"}]""", "gen_ai.input.messages: $[0].parts is no array")]
    [InlineData("gen_ai.input.messages", "hello", null)]
    public void The_checker_finds(string name, object? value, string? fault)
    {
        using Activity span = new ActivitySource("checked").Listened().StartActivity("call", ActivityKind.Client)!;
        span.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "gpt-4o").SetTag("gen_ai.provider.name", "openai");
        ConventionsChecker.Check(span).ShouldBeEmpty();

        span.SetTag(name, value);

        string[] found = [.. ConventionsChecker.Check(span)];
        if (fault is null)
            found.ShouldHaveSingleItem();
        else
            found.ShouldContain(fault);
    }

    [Fact]
    public void The_checker_finds_a_failed_span_without_a_description_or_a_type()
    {
        using Activity span = new ActivitySource("checked").Listened().StartActivity("call", ActivityKind.Client)!;
        span.SetTag("gen_ai.operation.name", "retrieval").SetStatus(ActivityStatusCode.Error);

        ConventionsChecker.Check(span).ShouldBe(["a failed span without a description", "error.type is missing"]);
    }

    [Fact]
    public void The_checker_finds_a_metric_of_another_shape()
    {
        using Meter meter = new("checked");
        KeyValuePair<string, object?>[] tags =
            [new("gen_ai.operation.name", "chat"), new("gen_ai.provider.name", "openai"), new("session.id", "session")];

        ConventionsChecker.Check(meter.CreateHistogram<double>("gen_ai.client.operation.duration", "ms"), 1.0, tags).ShouldBe(
        [
            "gen_ai.client.operation.duration is 'histogram ms double', not 'histogram s double'",
            "gen_ai.client.operation.duration has no attribute session.id",
        ]);
        ConventionsChecker.Check(meter.CreateCounter<int>("gen_ai.client.tokens"), 1, tags).ShouldHaveSingleItem();
    }

    [Fact]
    public void The_library_writes_the_constants_of_its_own_as_the_conventions_do()
    {
        SemanticConventions table = SemanticConventions.Table;
        table.Attributes.Count.ShouldBeGreaterThan(100);
        table.Schemas.Count.ShouldBe(5);
        table.Spans["gen_ai.inference.client"].Levels["gen_ai.provider.name"].ShouldBe("required");
        ConventionExceptions.Attributes.Keys.ShouldAllBe(name => !table.Attributes.ContainsKey(name));
        ConventionExceptions.Metrics.Keys.ShouldAllBe(name => !table.Metrics.ContainsKey(name));
    }

    private static void UseEveryField()
    {
        using (TraceScope trace = Probe.StartTrace(
            "every-field", input: "question", sessionId: "session", userId: "user", tags: ["a"], metadata: new() { ["key"] = 1 }))
        {
            using (SpanScope agent = trace.StartSpan("planner", ProbeSpanKind.Agent))
            {
                agent.SetInput([ProbeMessage.User("plan")]);
                UseModel();
            }

            using (SpanScope retriever = trace.StartSpan("search", ProbeSpanKind.Retriever))
            {
                retriever.SetInput("question");
                retriever.SetModelParameters(new() { ["top_k"] = 3 });
                retriever.SetDocuments(
                [
                    new("text", "1", 0.5) { Metadata = new Dictionary<string, object?> { ["page"] = 2 } }, new("text without an id"),
                ]);
            }

            using (SpanScope embedding = trace.StartSpan("embed", ProbeSpanKind.Embedding, "text-embedding-3-small"))
            {
                embedding.SetInput(["one", "two"]);
                embedding.SetModelParameters(new() { ["dimensions"] = 256 });
                embedding.SetTokenUsage(promptTokens: 4);
            }

            using (SpanScope tool = trace.StartSpan("lookup", ProbeSpanKind.Tool))
            {
                tool.SetInput(new { id = 1 });
                tool.SetOutput("found");
                tool.SetError("not found");
            }

            using (SpanScope chain = trace.StartSpan("chain", ProbeSpanKind.Chain))
                chain.RecordException(new InvalidOperationException(""));
            trace.StartSpan("other").Dispose();
            trace.SetOutput([ProbeMessage.Assistant("answer")]);
            trace.SetStatus(ProbeTraceStatus.Error);
        }
    }

    private static void UseModel()
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o");
        span.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User(
            "What is this?", ProbeMessagePart.Image("https://example.com/cat.png"), ProbeMessagePart.ToolCall("1", "look", """{"at":"cat"}"""))]);
        span.SetOutput(new { animal = "cat" });
        span.SetResponseModel("gpt-4o-2024-11-20");
        span.SetTokenUsage(100, 20,
            new() { ["cache_read_tokens"] = 30, ["cache_write_tokens"] = 40, ["reasoning_tokens"] = 5, ["mine"] = 7 });
        span.SetModelParameters(new()
        {
            ["temperature"] = 1,
            ["top_p"] = 1,
            ["top_k"] = 40,
            ["max_tokens"] = 1000.0,
            ["frequency_penalty"] = 0,
            ["presence_penalty"] = 0.2m,
            ["stop"] = "END",
            ["seed"] = 7,
            ["n"] = 2,
            ["style"] = "calm",
        });
        span.SetCost(0.5m, new() { ["input"] = 0.3m });
        span.SetFinishReason("length");
        span.SetCompletionStartTime(DateTimeOffset.UtcNow.AddSeconds(1));
        span.SetMetadata("key", "value");
        using (Probe.StartLlmSpan("gpt-4o"))
        {
        }
    }
}
