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
            using SpanRecording recording = new();
            ChatClient bare = Caller.NewClient(server.Address).GetChatClient("gpt-4o-mini");
            bare.CompleteChat(new UserChatMessage("Hi"));
            recording.Spans.ShouldHaveSingleItem().Source.Name.ShouldBe("OpenAI.ChatClient");

            bare.WithPandaProbe().CompleteChat(new UserChatMessage("Hi"));
            recording.Spans.Count.ShouldBe(2);
            recording.Spans.Single(span => span.Source.Name == "PandaProbe").Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        }
        finally
        {
            AppContext.SetSwitch("OpenAI.Experimental.EnableOpenTelemetry", false);
        }
    }
}
