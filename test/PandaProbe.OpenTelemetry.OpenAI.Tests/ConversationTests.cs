using OpenAI;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

/// <summary>Turns of the Responses API that name the response before them.</summary>
public sealed class ConversationTests
{
    private static int _conversations;

    private readonly string _name = $"resp_{Interlocked.Increment(ref _conversations)}_";
    private int _turns;

    [Fact]
    public async Task Turns_without_a_session_share_the_session_of_the_first()
    {
        using var capture = ProbeCapture.Start();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, NextAnswer()));
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        string? previous = null;
        for (int i = 0; i < 3; i++)
            previous = (await client.CreateResponseAsync("gpt-4o-mini", "Hi", previous)).Value.Id;

        capture.Spans.Select(span => span.Attribute("session.id")).ShouldBe([_name + 1, _name + 1, _name + 1]);
        capture.Spans.Select(span => span.Attribute("gen_ai.conversation.id")).ShouldBe([_name + 1, _name + 1, _name + 1]);
        capture.Spans.Select(span => span.Activity.TraceId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_turn_outside_of_the_session_of_the_application_stays_in_it()
    {
        using var capture = ProbeCapture.Start();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, NextAnswer()));
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        string previous;
        using (Probe.Session("mine"))
            previous = (await client.CreateResponseAsync("gpt-4o-mini", "Hi")).Value.Id;
        await client.CreateResponseAsync("gpt-4o-mini", "Hi", previous);

        capture.Spans.Select(span => span.Attribute("session.id")).ShouldBe(["mine", "mine"]);
    }

    [Fact]
    public async Task Independent_calls_of_one_trace_share_one_session_and_those_of_two_traces_do_not()
    {
        using var capture = ProbeCapture.Start();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, NextAnswer()));
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        using (Probe.StartTrace("t"))
        {
            await client.CreateResponseAsync("gpt-4o-mini", "Hi");
            await client.CreateResponseAsync("gpt-4o-mini", "Hi");
        }

        await client.CreateResponseAsync("gpt-4o-mini", "Hi");

        capture.Spans.Where(span => span.Name != "t").Select(span => span.Attribute("session.id"))
            .ShouldBe([_name + 1, _name + 1, _name + 3]);
    }

    [Fact]
    public async Task A_response_that_is_not_stored_begins_no_session_and_a_conversation_has_its_own()
    {
        using var capture = ProbeCapture.Start();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(
            context, NextAnswer().Replace("\"metadata\":{}", "\"store\":false,\"metadata\":{}")));
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        await client.CreateResponseAsync("gpt-4o-mini", "Hi");
        await client.CreateResponseAsync(new CreateResponseOptions("gpt-4o-mini", [ResponseItem.CreateUserMessageItem("Hi")])
        {
            ConversationOptions = new(_name + "conversation"),
        });

        capture.Spans.Select(span => span.Attribute("session.id")).ShouldBe([null, _name + "conversation"]);
    }

    [Fact]
    public void Only_the_newest_turns_are_remembered()
    {
        using var capture = ProbeCapture.Start();
        using SpanScope span = Probe.StartSpan("s");
        string first = _name + "first";
        Recording.Conversations.Remember(first, "session");
        Recording.Conversations.SessionOf(span.Activity!, first).ShouldBe("session");

        for (int i = 0; i < 4096; i++)
            Recording.Conversations.Remember(_name + "later" + i, "session");

        Recording.Conversations.SessionOf(span.Activity!, first).ShouldBe(first);
        Recording.Conversations.SessionOf(span.Activity!, _name + "later4095").ShouldBe("session");
    }

    private string NextAnswer() => Wire.Response.Replace("resp_1", _name + Interlocked.Increment(ref _turns));
}
