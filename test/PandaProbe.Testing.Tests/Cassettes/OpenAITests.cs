using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.AspNetCore.Http;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;
using PandaProbe.OpenAI;

namespace PandaProbe.Testing.Cassettes;

/// <summary>The real OpenAI package.</summary>
public sealed class OpenAITests
{
    public enum Outcome
    {
        Answer,
        TooManyRequests,
        Retried,
        Broken,
    }

    public static TheoryData<string, bool, Outcome> Calls
    {
        get
        {
            TheoryData<string, bool, Outcome> calls = [];
            foreach (string endpoint in (string[])["chat", "chat stream", "responses", "responses stream", "embeddings"])
            {
                foreach (bool sync in (bool[])[false, true])
                {
                    foreach (Outcome outcome in Enum.GetValues<Outcome>())
                        calls.Add(endpoint, sync, outcome);
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_replayed_call_has_the_same_answer_spans_tokens_cost_and_exception(string endpoint, bool sync, Outcome outcome)
    {
        using CassetteFolder folder = new();
        int calls = 0;
        Uri address;
        string recorded;
        WireServer? server = null;
        await using (server = await WireServer.StartAsync(
            context => AnswerAsync(
                context, server!.Bodies.Last().Contains("\"stream\":true"),
                outcome == Outcome.Retried && ++calls == 1 ? Outcome.TooManyRequests : outcome)))
        {
            address = server.Address;
            using Cassette cassette = folder.Record();
            using HttpClient http = cassette.CreateHttpClient();
            recorded = await RecordedSpans.OfAsync(seen => CallAsync(Client(http, address, outcome), endpoint, sync, seen));
        }

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        string again = await RecordedSpans.OfAsync(seen => CallAsync(Client(replayed, address, outcome), endpoint, sync, seen));

        again.ShouldBe(recorded);
        folder.Text.ShouldNotContain("the-key-of-the-test");
        if (outcome is Outcome.Answer or Outcome.Retried)
        {
            again.ShouldContain("gen_ai.usage.input_tokens = ");
            again.ShouldContain("pandaprobe.cost.total = ");
        }
        else
        {
            again.ShouldContain("exception.message = ");
        }
    }

    private static OpenAIClient Client(HttpClient http, Uri address, Outcome outcome) => new OpenAIClient(
        new ApiKeyCredential("the-key-of-the-test-and-of-nothing"),
        new OpenAIClientOptions
        {
            Endpoint = address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new RetryAtOnce(outcome == Outcome.Retried ? 1 : 0),
        }).WithPandaProbe();

    private static async Task CallAsync(OpenAIClient client, string endpoint, bool sync, List<string> seen)
    {
        ChatClient chat = client.GetChatClient("gpt-4o-mini");
        ResponsesClient responses = client.GetResponsesClient();
        ChatMessage[] messages = [new SystemChatMessage("You are terse."), new UserChatMessage("Which city is the capital of France?")];
        CreateResponseOptions request = new("gpt-4o-mini", [ResponseItem.CreateUserMessageItem("Which city is the capital of France?")])
        {
            StreamingEnabled = endpoint == "responses stream",
        };
        switch (endpoint, sync)
        {
            case ("chat", false):
                seen.Add((await chat.CompleteChatAsync(messages)).GetRawResponse().Content.ToString());
                break;
            case ("chat", true):
                seen.Add(chat.CompleteChat(messages).GetRawResponse().Content.ToString());
                break;
            case ("chat stream", false):
                await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync(messages))
                    seen.Add(ModelReaderWriter.Write(update).ToString());

                break;
            case ("chat stream", true):
                foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreaming(messages))
                    seen.Add(ModelReaderWriter.Write(update).ToString());

                break;
            case ("responses", false):
                seen.Add((await responses.CreateResponseAsync(request)).GetRawResponse().Content.ToString());
                break;
            case ("responses", true):
                seen.Add(responses.CreateResponse(request).GetRawResponse().Content.ToString());
                break;
            case ("responses stream", false):
                await foreach (StreamingResponseUpdate update in responses.CreateResponseStreamingAsync(request))
                    seen.Add(ModelReaderWriter.Write(update).ToString());

                break;
            case ("responses stream", true):
                foreach (StreamingResponseUpdate update in responses.CreateResponseStreaming(request))
                    seen.Add(ModelReaderWriter.Write(update).ToString());

                break;
            default:
                EmbeddingClient embeddings = client.GetEmbeddingClient("text-embedding-3-small");
                ClientResult<OpenAIEmbeddingCollection> result = sync
                    ? embeddings.GenerateEmbeddings(["one"]) : await embeddings.GenerateEmbeddingsAsync(["one"]);
                seen.Add(string.Join(',', result.Value[0].ToFloats().ToArray()));
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, bool isStream, Outcome outcome)
    {
        string path = context.Request.Path;
        bool isChat = path.Contains("chat");
        switch (outcome)
        {
            case Outcome.TooManyRequests:
                context.Response.Headers["retry-after-ms"] = "1";
                await WireServer.WriteJsonAsync(context, Wire.Error, 429);
                break;
            case Outcome.Broken:
                if (isStream)
                {
                    await WireServer.WriteEventsAsync(context, (isChat ? Wire.ChatEvents : Wire.ResponseEvents)[..2]);
                }
                else
                {
                    context.Response.ContentLength = 10_000;
                    await context.Response.WriteAsync(Wire.Chat);
                    await context.Response.Body.FlushAsync();
                }

                throw new IOException("The connection of the server breaks.");
            default:
                await (isStream
                    ? WireServer.WriteEventsAsync(context, isChat ? Wire.ChatEvents : Wire.ResponseEvents)
                    : WireServer.WriteJsonAsync(
                        context, isChat ? Wire.Chat : path.Contains("responses") ? Wire.Response : Wire.Embeddings));
                break;
        }
    }

    private sealed class RetryAtOnce(int retries) : ClientRetryPolicy(retries)
    {
        protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount) => TimeSpan.Zero;
    }
}
