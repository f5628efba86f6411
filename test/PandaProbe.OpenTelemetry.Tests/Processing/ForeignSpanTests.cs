using System.Diagnostics;
using PandaProbe.Otlp;

namespace PandaProbe.Processing;

public sealed class ForeignSpanTests
{
    [Fact]
    public async Task A_http_call_inside_a_trace_is_its_child_with_its_session_and_nothing_else_of_ours()
    {
        await using OtlpReceiver server = await OtlpReceiver.StartAsync();
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource("System.Net.Http"));
        using HttpClient client = new();

        using (Probe.StartTrace("trace", sessionId: "s", userId: "u", tags: ["t"]))
        using (Probe.StartSpan("fetch", ProbeSpanKind.Tool))
            (await client.PostAsync(server.HttpEndpoint, null)).EnsureSuccessStatusCode();

        Activity call = recording.Spans.Where(span => span.Source.Name == "System.Net.Http").ShouldHaveSingleItem();
        call.ParentSpanId.ShouldBe(recording.Span("fetch").SpanId);
        (call.Tag("session.id"), call.Tag("gen_ai.conversation.id"), call.Tag("user.id")).ShouldBe(("s", "s", "u"));
        call.Tag("tag.tags").ShouldBe(new[] { "t" });
        call.TagObjects.ShouldNotContain(tag => tag.Key.StartsWith("pandaprobe."));
    }

    [Fact]
    public void The_tokens_of_a_compaction_are_part_of_the_totals_of_its_call()
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        using (Activity call = source.StartActivity("call")!)
        {
            call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "claude-sonnet-4-5");
            call.SetTag("gen_ai.usage.input_tokens", 10).SetTag("gen_ai.usage.output_tokens", 2);
            call.SetTag("anthropic.usage.compaction.input_tokens", 500).SetTag("anthropic.usage.compaction.output_tokens", 30);
        }

        Activity recorded = recording.Span("call");
        (recorded.Tag("gen_ai.usage.input_tokens"), recorded.Tag("gen_ai.usage.output_tokens")).ShouldBe((510L, 32L));
        (recorded.Tag("pandaprobe.usage.compaction_input_tokens"), recorded.Tag("pandaprobe.usage.compaction_output_tokens"))
            .ShouldBe((500L, 30L));
        recorded.TagObjects.ShouldNotContain(tag => tag.Key.StartsWith("anthropic."));
    }

    [Fact]
    public void A_session_that_a_foreign_span_has_already_is_not_overwritten()
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));

        using (Probe.Session("ambient"))
        {
            source.StartActivity(
                "foreign", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.conversation.id", "own")])!.Dispose();
        }

        recording.Span("foreign").Tag("gen_ai.conversation.id").ShouldBe("own");
        recording.Span("foreign").Tag("session.id").ShouldBe("ambient");
    }

    [Theory]
    [InlineData("chat", "LLM")]
    [InlineData("execute_tool", "TOOL")]
    [InlineData("invoke_agent", "AGENT")]
    [InlineData("embeddings", "EMBEDDING")]
    [InlineData("retrieval", "RETRIEVER")]
    [InlineData("invoke_workflow", "CHAIN")]
    [InlineData("something new", "OTHER")]
    public void Its_operation_gives_its_kind(string operation, string kind) =>
        Normalised(("gen_ai.operation.name", operation)).Tag("pandaprobe.span.kind").ShouldBe(kind);

    [Fact]
    public void Old_names_and_forms_are_read()
    {
        Activity span = Normalised(
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.usage.prompt_tokens", 12),
            ("gen_ai.usage.completion_tokens", "3"),
            ("gen_ai.response.finish_reasons", """["stop","length"]"""), ("gen_ai.usage.cache_write.input_tokens", 4L));

        span.Tag("gen_ai.provider.name").ShouldBe("openai");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(12L);
        span.Tag("gen_ai.usage.output_tokens").ShouldBe(3L);
        span.Tag("gen_ai.usage.cache_creation.input_tokens").ShouldBe(4L);
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop", "length" });
        span.Tag("pandaprobe.token_count_method").ShouldBe("reported");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    [InlineData(-5)]
    [InlineData("many")]
    public void What_is_no_number_of_tokens_is_left_alone_and_the_rest_is_read(object tokens)
    {
        Activity span = Normalised(
            ("gen_ai.operation.name", "chat"), ("gen_ai.usage.prompt_tokens", tokens), ("gen_ai.usage.completion_tokens", 3),
            ("gen_ai.response.finish_reasons", "[not json"));

        span.HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        span.Tag("gen_ai.usage.output_tokens").ShouldBe(3L);
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "[not json" });
    }

    [Theory]
    [InlineData("gen_ai.usage.prompt_tokens")]
    [InlineData("gen_ai.response.prompt_tokens")]
    public void An_agents_sum_is_not_counted_beside_calls_that_report_under_older_names(string name)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        using (Activity agent = source.StartActivity("invoke_agent planner")!)
        {
            agent.SetTag("gen_ai.operation.name", "invoke_agent");
            using (Activity call = source.StartActivity("chat m", ActivityKind.Client)!)
            {
                call.SetTag("gen_ai.operation.name", "chat");
                call.SetTag(name, 10);
            }

            agent.SetTag("gen_ai.usage.input_tokens", 10);
        }

        recording.Span("chat m").Tag("gen_ai.usage.input_tokens").ShouldBe(10L);
        recording.Span("invoke_agent planner").HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        recording.Span("invoke_agent planner").Tag("pandaprobe.metadata.summed_input_tokens").ShouldBe(10);
    }

    [Theory]
    [InlineData("invoke_agent planner", null, true)]
    [InlineData("orchestrate_tools", null, true)]
    [InlineData("planner invoke_agent", null, false)]
    [InlineData("my orchestrate_tools", null, false)]
    [InlineData("planner", "invoke_agent", true)]
    [InlineData("planner", "invoke_workflow", true)]
    [InlineData("planner", "orchestrate_tools", true)]
    [InlineData("planner", "create_agent", false)]
    [InlineData("planner", "chat", false)]
    public void A_sum_is_told_by_the_name_of_its_span_or_by_its_operation(string name, string? operation, bool isSum)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        using (Activity above = source.StartActivity(name)!)
        {
            above.SetTag("gen_ai.system", "own").SetTag("gen_ai.operation.name", operation);
            using (Activity call = source.StartActivity("chat m", ActivityKind.Client)!)
                call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.usage.output_tokens", 10L);

            above.SetTag("gen_ai.usage.output_tokens", 10L);
        }

        recording.Span("chat m").Tag("gen_ai.usage.output_tokens").ShouldBe(10L);
        recording.Span(name).Tag("gen_ai.usage.output_tokens").ShouldBe(isSum ? null : 10L);
        recording.Span(name).Tag("pandaprobe.metadata.summed_output_tokens").ShouldBe(isSum ? 10L : null);
    }

    [Theory]
    [InlineData("az.ai.openai", "azure.ai.openai")]
    [InlineData("az.ai.inference", "azure.ai.inference")]
    [InlineData("vertex_ai", "gcp.vertex_ai")]
    [InlineData("gemini", "gcp.gemini")]
    [InlineData("xai", "x_ai")]
    [InlineData("anthropic", "anthropic")]
    public void A_provider_of_older_conventions_has_its_name_of_today(string system, string provider)
    {
        Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.system", system)).Tag("gen_ai.provider.name").ShouldBe(provider);
        Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.system", system), ("gen_ai.provider.name", "own"))
            .Tag("gen_ai.provider.name").ShouldBe("own");
    }

    [Theory]
    [InlineData(0.0, true)]
    [InlineData(999_999.0, true)]
    [InlineData(1_000_000.0, false)]
    [InlineData(-0.001, false)]
    public void A_time_to_the_first_chunk_becomes_the_moment_when_it_came(double seconds, bool isTime)
    {
        Activity span = Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.response.time_to_first_chunk", seconds));

        span.Tag("pandaprobe.completion_start_time").ShouldBe(isTime ? span.StartTimeUtc.AddSeconds(seconds).ToString("O") : null);
    }

    [Theory]
    [InlineData("""[{"role":"assistant","parts":[{"type":"text","content":"\ud800"}]}]""")]
    [InlineData("""[{"role":"assistant","parts":[{"type":"reasoning","content":"\ud800"}]}]""")]
    [InlineData("""[{"role":"assistant","\ud800":[]}]""")]
    public void An_answer_with_half_a_character_in_it_can_be_read(string json) =>
        Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.output.messages", json)).Text("gen_ai.output.messages")
            .ShouldBe(json[..^2] + ""","finish_reason":"stop"}]""");

    [Theory]
    [InlineData("[{}]", """[{"finish_reason":"stop"}]""")]
    [InlineData("[1,[]]", "[1,[]]")]
    [InlineData("""{"role":"assistant"}""", """{"role":"assistant"}""")]
    [InlineData("no json", "\"no json\"")]
    public void An_answer_of_another_shape_stays_what_it_is(string given, string read) =>
        Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.output.messages", given)).Text("gen_ai.output.messages").ShouldBe(read);

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void A_time_that_nobody_measured_keeps_nothing_else_from_being_read(double seconds)
    {
        Activity span = Normalised(
            ("gen_ai.operation.name", "chat"), ("gen_ai.response.time_to_first_chunk", seconds), ("http.request.resend_count", 2));

        span.HasTag("pandaprobe.completion_start_time").ShouldBeFalse();
        span.Tag("pandaprobe.retry_count").ShouldBe(2L);
    }

    [Theory]
    [InlineData("end_turn", new[] { "stop" })]
    [InlineData("\"stop\"", new[] { "stop" })]
    [InlineData(new[] { "tool_calls", "end_turn" }, new[] { "tool_calls", "stop" })]
    [InlineData(new[] { "max_tokens", null }, new[] { "length", null })]
    public void Finish_reasons_are_in_the_words_of_the_conventions_whatever_their_form(object given, string?[] read) =>
        Normalised(("gen_ai.operation.name", "chat"), ("gen_ai.response.finish_reasons", given)).Tag("gen_ai.response.finish_reasons")
            .ShouldBe(read);

    [Theory]
    [InlineData("gen_ai.prompt")]
    [InlineData("gen_ai.completion.0.content")]
    [InlineData("gen_ai.prompt.variable.city")]
    [InlineData("gen_ai.retrieval.query.text")]
    [InlineData("gen_ai.retrieval.documents")]
    [InlineData("llm.input_messages.0.message.content")]
    [InlineData("traceloop.entity.input")]
    public void Content_under_names_that_are_not_read_follows_the_policy_too(string name)
    {
        WithContent(options => options.CaptureContent = false, name, "secret").HasTag(name).ShouldBeFalse();
        WithContent(options => options.Redact = text => text.Replace("secret", "***"), name, "a secret").Text(name).ShouldBe("a ***");
        WithContent(options => options.CaptureContent = false, "gen_ai.prompt.name", "greeting").Tag("gen_ai.prompt.name")
            .ShouldBe("greeting");
    }

    [Fact]
    public void Content_that_cannot_be_read_keeps_the_policy_from_no_other()
    {
        Activity span = WithContent(
            options => options.Redact = _ => "***", "gen_ai.output.messages", "secret", ("gen_ai.input.messages", new Thrower()));

        span.Text("gen_ai.output.messages").ShouldBe("\"***\"");
    }

    private static Activity WithContent(
        Action<PandaProbeOptions> options, string name, string content, params (string Name, object Value)[] others)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(options, tracing => tracing.AddSource(source.Name));
        using (Activity span = source.StartActivity("foreign")!)
        {
            span.SetTag("gen_ai.operation.name", "retrieval");
            foreach ((string? other, object? value) in others)
                span.SetTag(other, value);
            span.SetTag(name, content);
        }

        return recording.Span("foreign");
    }

    private static Activity Normalised(params (string Name, object Value)[] tags)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        using (Activity span = source.StartActivity("foreign")!)
        {
            foreach ((string? name, object? value) in tags)
                span.SetTag(name, value);
        }

        return recording.Span("foreign");
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
