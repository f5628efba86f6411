using System.Diagnostics;
using PandaProbe.Tokenization;
using static PandaProbe.Streaming.Scripted;

namespace PandaProbe.Streaming;

public sealed class StreamedContentTests
{
    private const string Model = "gpt-4o";

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public async Task Without_content_tokens_are_counted_all_the_same(int length)
    {
        string[] chunks = Chunks(length);
        using SpanRecording recording = new(options => options.CaptureContent = false);
        using (SpanScope span = Probe.StartLlmSpanWithTokens(Model, "openai", "Hello world!"))
            await Consume(span, Mode.AsynchronousLater, chunks, (_, _) => true);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.HasTag("gen_ai.output.messages").ShouldBeFalse();
        recorded.HasTag("gen_ai.input.messages").ShouldBeFalse();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(3L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe((long)Tokenizer.ForModel(Model).CountTokens(string.Concat(chunks)));
        recorded.HasTag("pandaprobe.completion_start_time").ShouldBeTrue();
    }

    [Fact]
    public async Task Beyond_the_limit_text_is_counted_but_not_kept()
    {
        string[] chunks = Chunks(20_000);
        string text = string.Concat(chunks);
        using SpanRecording recording = new(options => options.MaxContentLength = 1000);
        using (SpanScope span = Probe.StartLlmSpan(Model))
            await Consume(span, Mode.AsynchronousAtOnce, chunks, (_, _) => true);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Text("gen_ai.output.messages")!.Length.ShouldBeLessThan(1200);
        recorded.Text("gen_ai.output.messages")!.ShouldContain(text[..900]);
        recorded.Tag("pandaprobe.metadata.output_original_length").ShouldBe((long)text.Length);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe((long)Tokenizer.ForModel(Model).CountTokens(text));
    }

    [Fact]
    public async Task Streamed_text_is_redacted_as_a_whole()
    {
        using SpanRecording recording = new(options => options.Redact = text => text.Replace("4111-1111", "[card]"));
        using (SpanScope span = Probe.StartLlmSpan(Model))
            await Consume(span, Mode.Synchronous, ["My card is 41", "11-1", "111."], (_, _) => true);

        recording.Spans.ShouldHaveSingleItem().Text("gen_ai.output.messages")!.ShouldContain("My card is [card].");
    }

    [Fact]
    public async Task The_counter_of_the_options_counts_prompts_and_streams()
    {
        using SpanRecording recording = new(options => options.TokenCounter = new Words());
        using (SpanScope span = Probe.StartLlmSpanWithTokens("words-model", "mine", "one two three"))
            await Consume(span, Mode.AsynchronousLater, ["four ", "five"], (_, _) => true);
        using (Probe.StartLlmSpanWithTokens(
            "words-model", "mine", [ProbeMessage.User("one two"), ProbeMessage.Assistant("three")], name: "messages"))
        {
        }

        Activity recorded = recording.Span("chat words-model");
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(3L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe(2L);
        recorded.Tag("pandaprobe.token_count_method").ShouldBe("estimated");
        recording.Span("messages").Tag("gen_ai.usage.input_tokens").ShouldBe(3L);
    }

    [Theory]
    [InlineData(1, 3000)]
    [InlineData(1500, 1)]
    [InlineData(4000, 5000)]
    public async Task A_counter_sees_the_pieces_of_a_text_as_one(int first, int second)
    {
        using SpanRecording recording = new(options => options.TokenCounter = new Words());
        using (SpanScope span = Probe.StartLlmSpan("words-model"))
            await Consume(span, Mode.Synchronous, [new('a', first), new('b', second), " two"], (_, _) => true);

        recording.Spans.ShouldHaveSingleItem().Tag("gen_ai.usage.output_tokens").ShouldBe(2L);
    }

    [Fact]
    public async Task A_counter_that_throws_costs_the_count_and_nothing_else()
    {
        using SpanRecording recording = new(options => options.TokenCounter = new Broken());
        using (SpanScope span = Probe.StartLlmSpanWithTokens(Model, "mine", "Hello world!"))
            await Consume(span, Mode.AsynchronousLater, Chunks(5000), (_, _) => true);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        recorded.HasTag("gen_ai.usage.output_tokens").ShouldBeFalse();
        recorded.Tag("pandaprobe.metadata.stream.outcome").ShouldBe("completed");
    }

    private sealed class Words : ITokenCounter
    {
        public TokenCount Count(ReadOnlySpan<char> text, string? model) =>
            new(text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, TokenCountMethod.Estimated);

        public TokenCount Count(ReadOnlySpan<ProbeMessage> messages, string? model) =>
            new(messages.ToArray().Sum(message => Count(message.Content, model).Tokens), TokenCountMethod.Estimated);
    }

    private sealed class Broken : ITokenCounter
    {
        public TokenCount Count(ReadOnlySpan<char> text, string? model) => throw new NotSupportedException();

        public TokenCount Count(ReadOnlySpan<ProbeMessage> messages, string? model) => throw new NotSupportedException();
    }
}
