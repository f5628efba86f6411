using System.Diagnostics;
using PandaProbe.Tokenization;

namespace PandaProbe.Llm;

public sealed class LlmSpanTests
{
    [Fact]
    public void An_llm_span_says_what_is_asked_of_whom_and_for_whom()
    {
        using SpanRecording recording = new();
        using (Probe.StartLlmSpan("gpt-4o", "openai", sessionId: "s1", userId: "u1", serviceName: "answers", metadata: new() { ["a"] = 1 }))
        {
        }

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("chat gpt-4o");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        span.Tag("gen_ai.operation.name").ShouldBe("chat");
        span.Tag("gen_ai.request.model").ShouldBe("gpt-4o");
        span.Tag("gen_ai.provider.name").ShouldBe("openai");
        span.Tag("session.id").ShouldBe("s1");
        span.Tag("gen_ai.conversation.id").ShouldBe("s1");
        span.Tag("user.id").ShouldBe("u1");
        span.Tag("service.name").ShouldBeNull();
        span.Tag("pandaprobe.metadata.service_name").ShouldBe("answers");
        span.Tag("pandaprobe.metadata.a").ShouldBe(1L);
    }

    [Fact]
    public async Task The_session_of_an_llm_span_is_that_of_everything_below_it_and_of_nothing_else()
    {
        using SpanRecording recording = new();
        using (Probe.StartTrace("trace", sessionId: "outer", userId: "outer-user"))
        {
            using (Probe.StartLlmSpan("gpt-4o", sessionId: "inner"))
                await Task.Run(() => Probe.StartSpan("below").Dispose());

            Probe.StartSpan("after").Dispose();
        }

        recording.Span("chat gpt-4o").Tag("session.id").ShouldBe("inner");
        recording.Span("below").Tag("session.id").ShouldBe("inner");
        recording.Span("below").Tag("user.id").ShouldBe("outer-user");
        recording.Span("after").Tag("session.id").ShouldBe("outer");
        recording.Span("trace").Tag("session.id").ShouldBe("outer");
    }

    [Fact]
    public async Task The_session_of_an_observed_call_ends_with_the_stream()
    {
        using SpanRecording recording = new();
        using (Probe.StartTrace("trace", sessionId: "outer"))
        {
            SpanScope span = Probe.StartLlmSpan("gpt-4o", sessionId: "inner");
            await foreach (string chunk in span.Observe(Streaming.Scripted.Async(["a"], later: true)))
                Probe.StartSpan("between").Dispose();
            Probe.StartSpan("after").Dispose();
        }

        recording.Span("between").Tag("session.id").ShouldBe("inner");
        recording.Span("after").Tag("session.id").ShouldBe("outer");
    }

    [Theory]
    [InlineData("gpt-4o", 3L, "tiktoken")]
    [InlineData("claude-opus-4", 3L, "estimated")]
    [InlineData("no-such-model", 3L, "estimated")]
    public void A_text_is_counted_before_the_call(string model, long tokens, string method)
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpanWithTokens(model, "openai", "Hello world!"))
        {
            span.Activity!.Tag("gen_ai.usage.input_tokens").ShouldBe(tokens);
            span.Activity!.Tag("pandaprobe.token_count_method").ShouldBe(method);
        }

        recording.Spans.ShouldHaveSingleItem().Text("gen_ai.input.messages")
            .ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"Hello world!"}]}]""");
    }

    [Fact]
    public void Messages_are_counted_with_what_their_form_takes()
    {
        using SpanRecording recording = new();
        using SpanScope fromSpan = Probe.StartLlmSpanWithTokens(
            "gpt-4o", "openai", [ProbeMessage.System("You are terse."), ProbeMessage.User("Hello world!")]);
        using SpanScope fromList = Probe.StartLlmSpanWithTokens(
            "gpt-4o", "openai", new List<ProbeMessage> { ProbeMessage.System("You are terse."), ProbeMessage.User("Hello world!") });

        var tokenizer = Tokenizer.ForModel("gpt-4o");
        long expected = 3 + tokenizer.CountTokens("system") + tokenizer.CountTokens("You are terse.")
            + 3 + tokenizer.CountTokens("user") + tokenizer.CountTokens("Hello world!") + 3;
        fromSpan.Activity!.Tag("gen_ai.usage.input_tokens").ShouldBe(expected);
        fromList.Activity!.Tag("gen_ai.usage.input_tokens").ShouldBe(expected);
        const string Input = """
            [{"role":"system","parts":[{"type":"text","content":"You are terse."}]},{"role":"user","parts":[{"type":"text","content":"Hello world!"}]}]
            """;
        fromSpan.Activity!.Text("gen_ai.input.messages").ShouldBe(Input);
        fromList.Activity!.Text("gen_ai.input.messages").ShouldBe(Input);
    }

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("IMAGE/PNG", true)]
    [InlineData("audio/wav", false)]
    public void Images_are_counted_and_other_bytes_are_not(string type, bool counts)
    {
        using SpanRecording recording = new();
        Tokens(ProbeMessagePart.File(new byte[] { 1 }, type))
            .ShouldBe(Tokens() + (counts ? Tokens(ProbeMessagePart.File(new byte[] { 1 }, "image/png")) - Tokens() : 0));
        (Tokens(ProbeMessagePart.File(new byte[] { 1 }, "image/png")) > Tokens()).ShouldBeTrue();

        static long Tokens(params ProbeMessagePart[] parts)
        {
            using SpanScope span = Probe.StartLlmSpanWithTokens(
                "gpt-4o", "openai", [ProbeMessage.User([ProbeMessagePart.Text("Look"), .. parts])]);
            return (long)span.Activity!.Tag("gen_ai.usage.input_tokens")!;
        }
    }

    [Fact]
    public void Reported_usage_replaces_the_count()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", "Hello world!"))
            span.SetTokenUsage(promptTokens: 12, completionTokens: 5);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(12L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe(5L);
        recorded.Tag("pandaprobe.token_count_method").ShouldBe("reported");
        recorded.Count("gen_ai.usage.input_tokens").ShouldBe(1);
    }

    [Fact]
    public void A_call_that_fails_keeps_the_count()
    {
        using SpanRecording recording = new();
        Should.Throw<FormatException>((Action)(() =>
        {
            using SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", "Hello world!");
            throw new FormatException("no answer");
        }));

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Status.ShouldBe(ActivityStatusCode.Error);
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(3L);
    }

    [Fact]
    public void Metadata_of_code_from_other_languages_lands_in_the_standard_tags()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai"))
        {
            span.SetMetadata("prompt_tokens", 150);
            span.SetMetadata("completion_tokens", "80");
            span.SetMetadata("actual_model", "gpt-4o-2024-08-06");
            span.SetMetadata("session_id", "conversation-1");
            span.SetMetadata("finish_reason", "length");
            span.SetMetadata(new() { ["retry_count"] = 2, ["mine"] = true });
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe(80L);
        recorded.Tag("pandaprobe.token_count_method").ShouldBe("reported");
        recorded.Tag("gen_ai.response.model").ShouldBe("gpt-4o-2024-08-06");
        recorded.Tag("session.id").ShouldBe("conversation-1");
        recorded.Tag("gen_ai.conversation.id").ShouldBe("conversation-1");
        recorded.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "length" });
        recorded.Tag("pandaprobe.retry_count").ShouldBe(2L);
        recorded.TagObjects.Where(tag => tag.Key.StartsWith("pandaprobe.metadata.", StringComparison.Ordinal)).Select(tag => tag.Key)
            .ShouldBe(["pandaprobe.metadata.mine"]);
    }

    [Fact]
    public void What_is_no_number_stays_in_the_metadata()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
            span.SetMetadata("prompt_tokens", "many");

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        recorded.Tag("pandaprobe.metadata.prompt_tokens").ShouldBe("many");
    }
}
