using OpenAI;
using OpenAI.Chat;

namespace PandaProbe.OpenAI;

[Collection(ProcessWide.Name)]
public sealed class OwnTelemetryTests
{
    [Fact]
    public async Task The_packages_own_span_for_the_same_call_is_not_recorded_twice()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        AppContext.SetSwitch("OpenAI.Experimental.EnableOpenTelemetry", true);
        try
        {
            using var capture = ProbeCapture.Start();
            ChatClient bare = Caller.NewClient(server.Address).GetChatClient("gpt-4o-mini");
            bare.CompleteChat(new UserChatMessage("Hi"));
            capture.Spans.ShouldHaveSingleItem().Activity.Source.Name.ShouldBe("OpenAI.ChatClient");

            bare.WithPandaProbe().CompleteChat(new UserChatMessage("Hi"));
            capture.Spans.Count.ShouldBe(2);
            capture.Spans.Single(span => span.Activity.Source.Name == "PandaProbe").Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        }
        finally
        {
            AppContext.SetSwitch("OpenAI.Experimental.EnableOpenTelemetry", false);
        }
    }
}
