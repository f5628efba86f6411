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
}
