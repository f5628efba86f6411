using System.Diagnostics;
using PandaProbe.Pricing;
using PandaProbe.Recording;

namespace PandaProbe.Tests.Recording;

/// <summary>A call of a wrapped client whose answer is read after its span has ended.</summary>
public sealed class EndedCallTests
{
    [Fact]
    public void What_is_said_of_a_call_that_has_ended_changes_nothing()
    {
        using SpanRecording recording = new();
        var call = ModelCall.Start(ProbeSpanKind.Llm, model: null, provider: "openai");
        call.End();
        Activity span = recording.Spans.ShouldHaveSingleItem();
        KeyValuePair<string, object?>[] tags = [.. span.TagObjects];

        call.SetModel("gpt-4o");
        call.SetResponse("id", "gpt-4o", "stop");
        call.SetUsage(TokenUsage.Inclusive(output: 7));
        call.SetOtherUsage("more", 1);
        call.SetCost(1);
        call.SetConversation("conversation");
        call.SetServer("host", 1);
        call.SetParameter("style", "calm");
        call.SetMetadata("key", "value");
        call.SetError("timeout", "why");
        call.CountUsage();

        span.DisplayName.ShouldBe("chat");
        span.TagObjects.ShouldBe(tags);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }
}
