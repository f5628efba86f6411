using System.ClientModel;
using System.Diagnostics;
using OpenAI;
using OpenAI.Chat;

namespace PandaProbe.OpenAI;

/// <summary>Another library's span around the wrapped client.</summary>
public sealed class ForeignSpanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Tokens_of_calls_below_one_foreign_span_that_sums_them_are_counted_once(int calls)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("m").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat");
            for (int i = 0; i < calls; i++)
                await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.usage.input_tokens", 150 * calls);
        }

        recording.Spans.Count.ShouldBe(calls);
        recording.Spans.ShouldAllBe(
            span => Equals(span.Tag("gen_ai.usage.input_tokens"), 150L) && Equals(span.Tag("gen_ai.usage.output_tokens"), 80L));
    }

    [Fact]
    public async Task Tokens_of_a_call_that_was_tried_again_below_a_foreign_span_are_counted_once()
    {
        int requests = 0;
        await using WireServer server = await WireServer.StartAsync(context => ++requests == 1
            ? WireServer.WriteJsonAsync(context, Wire.Error, 429)
            : WireServer.WriteJsonAsync(context, Wire.Chat));
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("m").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat");
            await Should.ThrowAsync<ClientResultException>(() => chat.CompleteChatAsync(new UserChatMessage("Hi")));
            await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.usage.input_tokens", 150);
        }

        recording.Span("openai-chat").Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        recording.Span("chat m").HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        recording.Span("chat m").Tag("pandaprobe.metadata.summed_input_tokens").ShouldBe(150);
    }

    [Fact]
    public async Task Semantic_Kernels_span_of_a_call_is_enriched_rather_than_doubled()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        using ActivitySource source = new("Microsoft.SemanticKernel.Diagnostics." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: tracing => tracing.AddSource(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("m").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat.completions m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat.completions");
            await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.response.prompt_tokens", 150);
            foreign.SetTag("gen_ai.response.completion_tokens", 80);
        }

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }
}
