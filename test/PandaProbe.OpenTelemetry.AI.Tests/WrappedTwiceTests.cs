using System.Diagnostics;
using Microsoft.Extensions.AI;
using PandaProbe.Recording;

namespace PandaProbe.AI;

/// <summary>A wrapped client of a provider's package inside of a wrapped chat client.</summary>
public sealed class WrappedTwiceTests
{
    [Fact]
    public async Task The_outer_span_stands_for_the_call_and_a_further_call_has_one_of_its_own()
    {
        using var capture = ProbeCapture.Start();
        int calls = 1;
        IChatClient client = new ScriptedChatClient
        {
            Answer = (_, _, _) =>
            {
                for (int i = 0; i < calls; i++)
                    ModelCall.Start(ProbeSpanKind.Llm, "gpt-4o-mini", "openai").End();
                return Task.FromResult(Conversations.Answer);
            },
        }.WithPandaProbe();

        await client.GetResponseAsync("once");
        capture.Spans.Select(span => span.Name).ShouldBe(["chat gpt-4o-mini"]);

        calls = 2;
        await client.GetResponseAsync("retried");
        capture.Spans.Select(span => span.Name).ShouldBe(["chat gpt-4o-mini", "chat gpt-4o-mini", "chat gpt-4o-mini"]);
        capture.Spans.ShouldAllBe(span => span.Attribute("pandaprobe.span.kind") as string == "LLM");
    }

    [Fact]
    public void A_span_that_a_person_opened_does_not_stand_in_for_a_call()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartSpan("mine", ProbeSpanKind.Llm))
            ModelCall.Start(ProbeSpanKind.Llm, "gpt-4o-mini", "openai").End();

        CapturedSpan call = capture.Span("chat gpt-4o-mini");
        call.Activity.ParentSpanId.ShouldBe(capture.Span("mine").Activity.SpanId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tokens_of_several_calls_between_two_wrapped_clients_are_counted_once(bool streams)
    {
        using var capture = ProbeCapture.Start();
        IChatClient inner = new ScriptedChatClient { Answer = (_, _, _) => Task.FromResult(Used(14, 8)) }.WithPandaProbe();
        IChatClient client = new ScriptedChatClient
        {
            Answer = async (messages, _, _) => await ThriceAsync(inner, messages),
            Stream = _ => StreamAsync(inner),
        }.WithPandaProbe();

        if (streams)
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("three times"))
            {
            }
        }
        else
        {
            (await client.GetResponseAsync("three times")).Usage!.InputTokenCount.ShouldBe(42);
        }

        capture.Spans.Count.ShouldBe(3);
        Sum(capture, "gen_ai.usage.input_tokens").ShouldBe(42);
        Sum(capture, "gen_ai.usage.output_tokens").ShouldBe(24);
        CapturedSpan outer = capture.Spans.Single(span => span.Activity.ParentId is null);
        outer.Attribute("gen_ai.usage.input_tokens").ShouldBe(14L);
        outer.Attribute("pandaprobe.metadata.summed_input_tokens").ShouldBe(42L);
        outer.Attribute("pandaprobe.metadata.summed_output_tokens").ShouldBe(24L);
    }

    [Fact]
    public async Task The_tokens_of_a_function_calling_loop_between_two_wrapped_clients_are_counted_once()
    {
        using var capture = ProbeCapture.Start();
        IChatClient inner = new ScriptedChatClient { Answer = (_, _, _) => Task.FromResult(Used(14, 8)) }.WithPandaProbe();
        IChatClient client = new ScriptedChatClient
        {
            Answer = async (messages, _, _) =>
            {
                // As function invocation of Microsoft.Extensions.AI does it, with the source of its inner client.
                using Activity? loop = ((ActivitySource)inner.GetService(typeof(ActivitySource))!).StartActivity("orchestrate_tools");
                ChatResponse sum = await ThriceAsync(inner, messages);
                loop!.AddTag("gen_ai.usage.input_tokens", (int)sum.Usage!.InputTokenCount!)
                    .AddTag("gen_ai.usage.output_tokens", (int)sum.Usage.OutputTokenCount!);
                return sum;
            },
        }.WithPandaProbe();

        await client.GetResponseAsync("three times");

        Sum(capture, "gen_ai.usage.input_tokens").ShouldBe(42);
        Sum(capture, "gen_ai.usage.output_tokens").ShouldBe(24);
        capture.Spans.Single(span => span.Activity.ParentId is null).Attribute("pandaprobe.metadata.summed_input_tokens").ShouldBe(42L);
    }

    private static ChatResponse Used(int input, int output) => new(new ChatMessage(ChatRole.Assistant, "Yes."))
    {
        ModelId = "gpt-4o-mini",
        FinishReason = ChatFinishReason.Stop,
        Usage = new() { InputTokenCount = input, OutputTokenCount = output },
    };

    private static async Task<ChatResponse> ThriceAsync(IChatClient inner, IEnumerable<ChatMessage> messages)
    {
        ChatResponse sum = Used(0, 0);
        for (int i = 0; i < 3; i++)
            sum.Usage!.Add((await inner.GetResponseAsync(messages)).Usage!);
        return sum;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IChatClient inner)
    {
        Activity? around = Activity.Current;
        for (int i = 0; i < 3; i++)
        {
            Activity.Current = around;
            foreach (ChatResponseUpdate update in (await inner.GetResponseAsync("again")).ToChatResponseUpdates())
                yield return update;
        }
    }

    private static long Sum(ProbeCapture capture, string tag) => capture.Spans.Sum(span => span.Attribute(tag) as long? ?? 0);
}
