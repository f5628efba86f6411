using Anthropic;
using Anthropic.Models.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using PandaProbe.AI;
using PandaProbe.Claude;

namespace PandaProbe.Testing.Cassettes;

/// <summary>The real Anthropic package, at both seams.</summary>
public sealed class AnthropicTests
{
    public static TheoryData<string, string> Calls
    {
        get
        {
            TheoryData<string, string> calls = [];
            foreach (string outcome in (string[])["answer", "429", "400", "broken"])
            {
                calls.Add("messages", outcome);
                calls.Add("messages stream", outcome);
                calls.Add("chat", outcome);
                calls.Add("chat stream", outcome);
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_replayed_call_over_http_has_the_same_answer_spans_tokens_cost_and_exception(string call, string outcome)
    {
        using CassetteFolder folder = new();
        Uri address;
        string recorded;
        await using (WireServer server = await WireServer.StartAsync(context => AnswerAsync(context, call, outcome)))
        {
            address = server.Address;
            using Cassette cassette = folder.Record();
            using AnthropicClient client = Client(cassette.CreateHttpClient(), address);
            recorded = await RecordedSpans.OfAsync(seen => CallAsync(client, call, seen));
        }

        using Cassette replaying = folder.Replay();
        using AnthropicClient replayed = Client(replaying.CreateHttpClient(new NoNetwork()), address);
        string again = await RecordedSpans.OfAsync(seen => CallAsync(replayed, call, seen));

        again.ShouldBe(recorded);
        again.ShouldContain(outcome switch
        {
            "answer" => "pandaprobe.cost.total = ",
            "broken" => "ResponseEnded",
            _ => "exception.message = "
        });
        folder.Text.ShouldNotContain("the-key-of-the-test");
    }

    [Theory]
    [InlineData("chat", "answer")]
    [InlineData("chat", "429")]
    [InlineData("chat", "400")]
    [InlineData("chat stream", "answer")]
    [InlineData("chat stream", "429")]
    [InlineData("chat stream", "broken")]
    public async Task A_replayed_call_of_a_chat_client_needs_no_client_and_has_the_same_answer_spans_tokens_cost_and_exception(
        string call, string outcome)
    {
        using CassetteFolder folder = new();
        string recorded;
        await using (WireServer server = await WireServer.StartAsync(context => AnswerAsync(context, call, outcome)))
        {
            using HttpClient http = new();
            using AnthropicClient client = Client(http, server.Address);
            using Cassette cassette = folder.Record();
            using IChatClient chat = cassette.CreateChatClient(client.AsIChatClient("claude-sonnet-4-5", 100)).WithPandaProbe();
            recorded = await RecordedSpans.OfAsync(seen => AskAsync(chat, call, seen));
        }

        using Cassette replaying = folder.Replay();
        using IChatClient replayed = replaying.CreateChatClient().WithPandaProbe();
        string again = await RecordedSpans.OfAsync(seen => AskAsync(replayed, call, seen));

        again.ShouldBe(recorded);
        again.ShouldContain(outcome == "answer" ? "pandaprobe.cost.total = " : "exception.message = ");
    }

    private static AnthropicClient Client(HttpClient http, Uri address) => new()
    {
        ApiKey = "the-key-of-the-test-and-of-nothing",
        BaseUrl = address.ToString().TrimEnd('/'),
        MaxRetries = 0,
        HttpClient = http,
    };

    private static async Task CallAsync(AnthropicClient client, string call, List<string> seen)
    {
        AnthropicClient traced = client.WithPandaProbe();
        MessageCreateParams request = new()
        {
            MaxTokens = 100,
            Model = "claude-sonnet-4-5",
            Messages = [new UserMessageParam { Content = "Which city is the capital of France?" }],
        };
        switch (call)
        {
            case "messages":
                seen.Add((await traced.Messages.Create(request)).ToString());
                break;
            case "messages stream":
                await foreach (RawMessageStreamEvent one in traced.Messages.CreateStreaming(request))
                    seen.Add(one.ToString());

                break;
            default:
                await AskAsync(traced.AsIChatClient("claude-sonnet-4-5", 100), call, seen);
                break;
        }
    }

    private static async Task AskAsync(IChatClient chat, string call, List<string> seen)
    {
        const string Question = "Which city is the capital of France?";
        if (call == "chat")
        {
            ChatResponse response = await chat.GetResponseAsync(Question);
            seen.Add($"{response.ResponseId} {response.FinishReason} {response.Text}");
            return;
        }

        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(Question))
            seen.Add($"{update.ResponseId} {update.FinishReason} {update.Text}");
    }

    private static async Task AnswerAsync(HttpContext context, string call, string outcome)
    {
        switch (outcome)
        {
            case "429" or "400":
                context.Response.Headers.RetryAfter = "7";
                context.Response.Headers["request-id"] = "req_1";
                await WireServer.WriteJsonAsync(context, Wire.Error, int.Parse(outcome));
                break;
            case "broken" when call.EndsWith("stream"):
                await WireServer.WriteEventsAsync(context, Wire.Events[..3]);
                throw new IOException("The connection of the server breaks.");
            case "broken":
                context.Response.ContentLength = 10_000;
                await context.Response.WriteAsync(Wire.Message);
                await context.Response.Body.FlushAsync();
                throw new IOException("The connection of the server breaks.");
            default:
                await (call.EndsWith("stream")
                    ? WireServer.WriteEventsAsync(context, Wire.Events) : WireServer.WriteJsonAsync(context, Wire.Message));
                break;
        }
    }
}
