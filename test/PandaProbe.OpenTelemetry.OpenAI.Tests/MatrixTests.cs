using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenAI;

namespace PandaProbe.OpenAI;

[Collection(ProcessWide.Name)]
public sealed class MatrixTests
{
    public static TheoryData<string, bool, bool, bool, bool, bool, Outcome> Matrix
    {
        get
        {
            TheoryData<string, bool, bool, bool, bool, bool, Outcome> cases = [];
            foreach (string endpoint in new[] { "chat", "responses", "embeddings" })
            {
                foreach (Outcome outcome in Enum.GetValues<Outcome>())
                {
                    for (int bits = 0; bits < 32; bits++)
                    {
                        bool sync = (bits & 1) != 0, streaming = (bits & 2) != 0, protocol = (bits & 4) != 0, listener = (bits & 8) == 0,
                            content = (bits & 16) == 0;
                        if (streaming ? endpoint == "embeddings" : outcome == Outcome.Abandoned)
                            continue;
                        // Without a listener there is no content to switch off, and a raw stream that is read synchronously knows no
                        // cancellation.
                        if ((!listener && !content) || (sync && streaming && protocol && outcome == Outcome.Cancelled))
                            continue;
                        cases.Add(endpoint, sync, streaming, protocol, listener, content, outcome);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_call_is_one_span_and_the_caller_sees_what_it_would_see_without_it(
        string endpoint, bool sync, bool streaming, bool protocol, bool listener, bool content, Outcome outcome)
    {
        CancellationTokenSource? cancellation = null;
        Caller? caller = null;
        await using WireServer server = await WireServer.StartAsync(
            context => AnswerAsync(context, endpoint, streaming, outcome, cancellation!, caller!));
        OpenAIClient bare = Caller.NewClient(server.Address);

        cancellation = new();
        caller = new(bare, endpoint, sync, streaming, protocol, outcome);
        List<string> expected = await caller.CallAsync(cancellation);
        cancellation.Dispose();

        using ProbeCapture? capture = listener ? ProbeCapture.Start(options => options.Recording.CaptureContent = content) : null;
        cancellation = new();
        caller = new(bare.WithPandaProbe(), endpoint, sync, streaming, protocol, outcome);
        List<string> seen = await caller.CallAsync(cancellation);
        cancellation.Dispose();

        seen.ShouldBe(expected);
        expected.ShouldNotBeEmpty();
        server.Bodies.Count.ShouldBe(2);
        server.Bodies.Last().ShouldBe(server.Bodies.First());
        if (capture is null)
            return;

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Name.ShouldBe(endpoint == "embeddings" ? "embeddings text-embedding-3-small" : "chat gpt-4o-mini");
        span.Activity.ParentId.ShouldBeNull();
        span.Activity.Kind.ShouldBe(ActivityKind.Client);
        span.Attribute("gen_ai.provider.name").ShouldBe("openai");
        span.Attribute("gen_ai.request.model").ShouldBe(endpoint == "embeddings" ? "text-embedding-3-small" : "gpt-4o-mini");
        span.Attribute("server.address").ShouldBe("127.0.0.1");
        span.Attribute("server.port").ShouldBe((long)server.Address.Port);
        span.Activity.TagObjects.Select(tag => tag.Key).ShouldBeUnique();
        span.Activity.TagObjects.ShouldNotContain(
            tag => Convert.ToString(tag.Value)!.Contains("secret-user") || Convert.ToString(tag.Value)!.Contains("test-key"));

        bool failed = outcome is Outcome.ApiError or Outcome.ConnectionError or Outcome.Cancelled;
        span.Activity.Status.ShouldBe(failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        span.Events.Count(happened => happened.Name == "exception").ShouldBe(failed ? 1 : 0);
        span.Attributes.ContainsKey("error.type").ShouldBe(failed);

        bool succeeded = outcome == Outcome.Success;
        if (endpoint == "embeddings")
        {
            span.Attribute("gen_ai.operation.name").ShouldBe("embeddings");
            span.Attribute("pandaprobe.span.kind").ShouldBe("EMBEDDING");
            span.Attribute("gen_ai.usage.input_tokens").ShouldBe(succeeded ? 12L : null);
            span.Text("input.value").ShouldBe(content ? "one" : null);
            return;
        }

        span.Attribute("gen_ai.operation.name").ShouldBe("chat");
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Attribute("gen_ai.request.temperature").ShouldBe(0.5);
        span.Attribute("gen_ai.request.max_tokens").ShouldBe(100L);
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(succeeded ? 150L : null);
        span.Attribute("gen_ai.usage.output_tokens").ShouldBe(succeeded ? 80L : null);
        span.Attribute("gen_ai.usage.cache_read.input_tokens").ShouldBe(succeeded ? 64L : null);
        span.Attribute("gen_ai.usage.reasoning.output_tokens").ShouldBe(succeeded ? 20L : null);

        // A raw request that is refused does not show that it asked for a stream.
        bool begun = streaming && outcome != Outcome.ApiError, streams = begun || (streaming && !protocol);
        (string Name, string? FinishReason) ending = outcome switch
        {
            Outcome.Success => ("completed", "stop"),
            Outcome.Abandoned => ("abandoned", null),
            Outcome.Cancelled => ("cancelled", null),
            _ => ("failed", "error"),
        };
        span.Attribute("pandaprobe.metadata.stream.outcome").ShouldBe(streams ? ending.Name : null);
        span.Attribute("gen_ai.request.stream").ShouldBe(streams ? true : null);
        span.Attribute("gen_ai.response.finish_reasons")
            .ShouldBe((succeeded || streams) && ending.FinishReason is { } reason ? new[] { reason } : null);
        span.Attribute("gen_ai.response.model").ShouldBe(succeeded || begun ? "gpt-4o-mini-2024-07-18" : null);
        span.Attributes.ContainsKey("gen_ai.response.time_to_first_chunk").ShouldBe(begun);

        string system = """{"type":"text","content":"You are terse."}""";
        string user = $$"""{"role":"user","parts":[{"type":"text","content":"{{Caller.Question}}"}]}""";
        bool responses = endpoint == "responses";
        span.Text("gen_ai.system_instructions").ShouldBe(content && responses ? $"[{system}]" : null);
        span.Text("gen_ai.input.messages").ShouldBe(!content ? null : responses ? $"[{user}]" : $$"""[{"role":"system","parts":[{{system}}]},{{user}}]""");

        // What came before the reader left: the first chunk of a chat is text, the first event of a response is not.
        string? text = succeeded ? "Paris." : begun && !responses ? "Par" : null;
        span.Text("gen_ai.output.messages").ShouldBe(content && text is not null
            ? $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{text}}"}],"finish_reason":"{{ending.FinishReason ?? "error"}}"}]"""
            : null);
    }

    private static async Task AnswerAsync(
        HttpContext context, string endpoint, bool streaming, Outcome outcome, CancellationTokenSource cancellation, Caller caller)
    {
        string[] events = endpoint == "chat" ? Wire.ChatEvents : Wire.ResponseEvents;
        switch (outcome)
        {
            case Outcome.ApiError:
                await WireServer.WriteJsonAsync(context, Wire.Error, 400);
                break;
            case Outcome.Success or Outcome.Abandoned when streaming:
                await WireServer.WriteEventsAsync(context, events);
                break;
            case Outcome.Success:
                await WireServer.WriteJsonAsync(
                    context, endpoint switch { "chat" => Wire.Chat, "responses" => Wire.Response, _ => Wire.Embeddings });
                break;
            default:
                if (streaming)
                {
                    await WireServer.WriteEventsAsync(context, events[..1]);

                    // A reset overtakes what is on its way.
                    if (outcome == Outcome.ConnectionError)
                        await caller.Begun;
                }
                else if (outcome == Outcome.Cancelled)
                {
                    await cancellation.CancelAsync();
                }

                if (outcome == Outcome.Cancelled)
                    await WireServer.HangAsync(context);
                else
                    context.Abort();
                break;
        }
    }
}
