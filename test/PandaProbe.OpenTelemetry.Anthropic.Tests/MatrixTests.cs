using System.Diagnostics;
using System.Text.RegularExpressions;
using Anthropic;
using Anthropic.Models.Messages;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Claude;

[Collection(ProcessWide.Name)]
public sealed partial class MatrixTests
{
    private const string Question = "Which city is the capital of France?";

    public enum Outcome
    {
        Success,
        ApiError,
        ConnectionError,
        Cancelled,
        Abandoned,
    }

    public static TheoryData<bool, bool, bool, Outcome> Matrix
    {
        get
        {
            TheoryData<bool, bool, bool, Outcome> cases = [];
            foreach (Outcome outcome in Enum.GetValues<Outcome>())
            {
                for (int bits = 0; bits < 8; bits++)
                {
                    bool streaming = (bits & 1) != 0, listener = (bits & 2) == 0, content = (bits & 4) == 0;
                    if ((streaming || outcome != Outcome.Abandoned) && (listener || content))
                        cases.Add(streaming, listener, content, outcome);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_call_is_one_span_and_the_caller_sees_what_it_would_see_without_it(
        bool streaming, bool listener, bool content, Outcome outcome)
    {
        CancellationTokenSource? cancellation = null;
        TaskCompletionSource? begun = null;
        await using WireServer server = await WireServer.StartAsync(
            context => AnswerAsync(context, streaming, outcome, cancellation!, begun!));
        using AnthropicClient bare = new() { ApiKey = "test-key", BaseUrl = server.Address.ToString().TrimEnd('/'), MaxRetries = 0 };

        begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation = new();
        List<string> expected = await CallAsync(bare, streaming, outcome, cancellation, begun);
        cancellation.Dispose();

        using ProbeCapture? recording = listener ? ProbeCapture.Start(options => options.Recording.CaptureContent = content) : null;
        begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation = new();
        List<string> seen = await CallAsync(bare.WithPandaProbe(), streaming, outcome, cancellation, begun);
        cancellation.Dispose();

        seen.ShouldBe(expected);
        expected.ShouldNotBeEmpty();
        server.Bodies.Last().ShouldBe(server.Bodies.First());
        if (recording is null)
            return;

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Activity.Source.Name.ShouldBe("com.anthropic.sdk.csharp");
        span.Activity.ParentId.ShouldBeNull();
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Attribute("openinference.span.kind").ShouldBe("LLM");
        span.Attribute("gen_ai.provider.name").ShouldBe("anthropic");
        span.Attribute("gen_ai.request.model").ShouldBe("claude-sonnet-4-5");
        span.Attribute("gen_ai.request.max_tokens").ShouldBe(2048L);
        span.Attribute("pandaprobe.model_parameters.thinking_budget_tokens").ShouldBe(1024L);
        span.Activity.TagObjects.Select(tag => tag.Key).ShouldBeUnique();
        span.Activity.TagObjects.ShouldNotContain(tag => Convert.ToString(tag.Value)!.Contains("test-key"));

        // The package does not tell a stream that was cancelled from one that was left.
        bool left = outcome == Outcome.Abandoned || (outcome == Outcome.Cancelled && streaming);
        bool failed = outcome is Outcome.ApiError or Outcome.ConnectionError or Outcome.Cancelled && !left;
        span.Attribute("pandaprobe.metadata.stream.outcome").ShouldBe(left ? "abandoned" : null);
        span.IsError.ShouldBe(failed);
        span.Attributes.ContainsKey("error.type").ShouldBe(failed);

        bool succeeded = outcome == Outcome.Success;
        bool begunStream = streaming && outcome != Outcome.ApiError;
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(succeeded ? new[] { "stop" } : null);
        if (succeeded)
        {
            span.Usage.ShouldBe(new(150, 80, 64, 7));
            span.Attributes.ContainsKey("gen_ai.usage.cache_write.input_tokens").ShouldBeFalse();
            span.Attribute("pandaprobe.token_count_method").ShouldBe("reported");
            span.Attribute("gen_ai.response.model").ShouldBe("claude-sonnet-4-5-20250929");
        }

        span.Attributes.ContainsKey("gen_ai.response.time_to_first_chunk").ShouldBe(begunStream);
        span.Attributes.ContainsKey("pandaprobe.completion_start_time").ShouldBe(begunStream);
        span.Text("gen_ai.input.messages").ShouldBe(content ? $$"""[{"role":"user","parts":[{"type":"text","content":"{{Question}}"}]}]""" : null);
        span.Text("gen_ai.system_instructions").ShouldBe(content ? """[{"type":"text","content":"You are terse."}]""" : null);
        span.Attribute("pandaprobe.metadata.reasoning_summary").ShouldBe(content && succeeded && !streaming ? "Let me think." : null);
        if (succeeded || !content)
        {
            string thinking = streaming ? "" : """{"type":"reasoning","content":"Let me think."},""";
            span.Text("gen_ai.output.messages").ShouldBe(content
                ? $$"""[{"role":"assistant","parts":[{{thinking}}{"type":"text","content":"Paris."}],"finish_reason":"stop"}]"""
                : null);
        }
    }

    private static async Task<List<string>> CallAsync(
        AnthropicClient client, bool streaming, Outcome outcome, CancellationTokenSource cancellation, TaskCompletionSource begun)
    {
        List<string> seen = [];
        Activity? before = Activity.Current;
        MessageCreateParams request = new()
        {
            MaxTokens = 2048,
            Model = "claude-sonnet-4-5",
            System = "You are terse.",
            Thinking = new ThinkingConfigEnabled(1024),
            Messages = [new UserMessageParam { Content = Question }],
        };
        try
        {
            if (streaming)
            {
                await foreach (RawMessageStreamEvent update in client.Messages.CreateStreaming(request, cancellation.Token))
                {
                    seen.Add(update.Json.GetRawText());
                    if (seen.Count < 3)
                        continue;

                    // The first piece of the answer itself.
                    begun.TrySetResult();
                    if (outcome == Outcome.Cancelled)
                        await cancellation.CancelAsync();
                    if (outcome == Outcome.Abandoned)
                        break;
                }
            }
            else
            {
                seen.Add((await client.Messages.Create(request, cancellation.Token)).ToString());
            }
        }
        catch (Exception exception)
        {
            seen.Add($"{exception.GetType()}: {Port().Replace(exception.Message, "127.0.0.1")}");
        }

        Activity.Current.ShouldBe(before);
        return seen;
    }

    private static async Task AnswerAsync(
        HttpContext context, bool streaming, Outcome outcome, CancellationTokenSource cancellation, TaskCompletionSource begun)
    {
        switch (outcome)
        {
            case Outcome.ApiError:
                await WireServer.WriteJsonAsync(context, Wire.Error, 400);
                break;
            case Outcome.Success or Outcome.Abandoned when streaming:
                await WireServer.WriteEventsAsync(context, Wire.Events);
                break;
            case Outcome.Success:
                await WireServer.WriteJsonAsync(context, Wire.Message);
                break;
            default:
                if (streaming)
                {
                    await WireServer.WriteEventsAsync(context, Wire.Events[..3]);
                    await begun.Task;
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

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Port();
}
