using Microsoft.Extensions.AI;
using PandaProbe.Testing;

namespace AgentTests;

/// <summary>The agent with the recorded answers of a model: RecordedTests.A_recorded_model_needs_no_network.cassette.json.</summary>
public sealed class RecordedTests
{
    [Fact]
    public async Task A_recorded_model_needs_no_network()
    {
        using var capture = ProbeCapture.Start();
        using var cassette = Cassette.Open();

        // Asked when PANDAPROBE_CASSETTES=record is set, and never otherwise. Yours is the client of a provider.
        IChatClient model = cassette.CreateChatClient(new ScriptedModel());
        string answer = await new SupportAgent(model).AnswerAsync("Where is my order A-1042?");

        Assert.Equal("Order A-1042 is on its way.", answer);
        CapturedTrace trace = await capture.WaitForTraceAsync();
        trace.Tools.Exactly("lookup_order");
        trace.ShouldStayWithin(cost: 0.002m);
    }
}
