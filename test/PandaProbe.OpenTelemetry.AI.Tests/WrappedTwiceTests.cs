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
        using SpanRecording recording = new();
        int calls = 1;
        IChatClient client = new ScriptedChatClient
        {
            Answer = (_, _, _) =>
            {
                for (int i = 0; i < calls; i++)
                    ModelCall.Start("openai-chat", ProbeSpanKind.Llm, "gpt-4o-mini", "openai").End();
                return Task.FromResult(Conversations.Answer);
            },
        }.WithPandaProbe();

        await client.GetResponseAsync("once");
        recording.Spans.Select(span => span.DisplayName).ShouldBe(["chat gpt-4o-mini"]);

        calls = 2;
        await client.GetResponseAsync("retried");
        recording.Spans.Select(span => span.DisplayName).ShouldBe(["chat gpt-4o-mini", "openai-chat", "chat gpt-4o-mini"]);
        recording.Spans.ShouldAllBe(span => span.Tag("pandaprobe.span.kind") as string == "LLM");
    }

    [Fact]
    public void A_span_that_a_person_opened_does_not_stand_in_for_a_call()
    {
        using SpanRecording recording = new();
        using (Probe.StartSpan("mine", ProbeSpanKind.Llm))
            ModelCall.Start("openai-chat", ProbeSpanKind.Llm, "gpt-4o-mini", "openai").End();

        Activity call = recording.Span("openai-chat");
        call.ParentSpanId.ShouldBe(recording.Span("mine").SpanId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tokens_of_several_calls_between_two_wrapped_clients_are_counted_once(bool streams)
    {
        using SpanRecording recording = new();
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

        recording.Spans.Count.ShouldBe(3);
        Sum(recording, "gen_ai.usage.input_tokens").ShouldBe(42);
        Sum(recording, "gen_ai.usage.output_tokens").ShouldBe(24);
        Activity outer = recording.Spans.Single(span => span.ParentId is null);
        outer.Tag("gen_ai.usage.input_tokens").ShouldBe(14L);
        outer.Tag("pandaprobe.metadata.summed_input_tokens").ShouldBe(42L);
        outer.Tag("pandaprobe.metadata.summed_output_tokens").ShouldBe(24L);
    }

    [Fact]
    public async Task The_tokens_of_a_function_calling_loop_between_two_wrapped_clients_are_counted_once()
    {
        using SpanRecording recording = new();
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

        Sum(recording, "gen_ai.usage.input_tokens").ShouldBe(42);
        Sum(recording, "gen_ai.usage.output_tokens").ShouldBe(24);
        recording.Spans.Single(span => span.ParentId is null).Tag("pandaprobe.metadata.summed_input_tokens").ShouldBe(42L);
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

    private static long Sum(SpanRecording recording, string tag) => recording.Spans.Sum(span => span.Tag(tag) as long? ?? 0);
}
