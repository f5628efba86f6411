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
        using var capture = ProbeCapture.Start(options => options.Sources.Add(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("gpt-4o-mini").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat");
            for (int i = 0; i < calls; i++)
                await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.usage.input_tokens", 150 * calls);
        }

        capture.Spans.Count.ShouldBe(calls);
        capture.Spans.ShouldAllBe(
            span => Equals(span.Attribute("gen_ai.usage.input_tokens"), 150L) && Equals(span.Attribute("gen_ai.usage.output_tokens"), 80L));
    }

    [Fact]
    public async Task Tokens_of_a_call_that_was_tried_again_below_a_foreign_span_are_counted_once()
    {
        int requests = 0;
        await using WireServer server = await WireServer.StartAsync(context => ++requests == 1
            ? WireServer.WriteJsonAsync(context, Wire.Error, 429)
            : WireServer.WriteJsonAsync(context, Wire.Chat));
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using var capture = ProbeCapture.Start(options => options.Sources.Add(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("gpt-4o-mini").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat");
            await Should.ThrowAsync<ClientResultException>(() => chat.CompleteChatAsync(new UserChatMessage("Hi")));
            await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.usage.input_tokens", 150);
        }

        capture.Span("chat gpt-4o-mini").Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        capture.Span("chat m").Attribute("gen_ai.usage.input_tokens").ShouldBeNull();
        capture.Span("chat m").Attribute("pandaprobe.metadata.summed_input_tokens").ShouldBe(150);
    }

    [Fact]
    public async Task Semantic_Kernels_span_of_a_call_is_enriched_rather_than_doubled()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        using ActivitySource source = new("Microsoft.SemanticKernel.Diagnostics." + Guid.NewGuid());
        using var capture = ProbeCapture.Start(options => options.Sources.Add(source.Name));
        ChatClient chat = Caller.NewClient(server.Address).GetChatClient("gpt-4o-mini").WithPandaProbe();

        using (Activity foreign = source.StartActivity("chat.completions m", ActivityKind.Client)!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat.completions");
            await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            foreign.SetTag("gen_ai.response.prompt_tokens", 150);
            foreign.SetTag("gen_ai.response.completion_tokens", 80);
        }

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }
}
