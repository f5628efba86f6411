using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Tests;

namespace PandaProbe.AI;

[Collection(ProcessWide.Name)]
public sealed class ChatClientMatrixTests
{
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
            foreach (bool streaming in new[] { false, true })
            {
                foreach (bool listener in new[] { true, false })
                {
                    foreach (bool content in new[] { true, false })
                    {
                        foreach (Outcome outcome in Enum.GetValues<Outcome>())
                        {
                            if (outcome != Outcome.Abandoned || streaming)
                                cases.Add(streaming, listener, content, outcome);
                        }
                    }
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
        using ProbeCapture? capture = listener ? ProbeCapture.Start(options => options.Recording.CaptureContent = content) : null;
        using CancellationTokenSource cancellation = new();
        Exception? failure = outcome switch
        {
            Outcome.ApiError => new InvalidOperationException("HTTP 429: slow down"),
            Outcome.ConnectionError => new HttpRequestException("connection reset"),
            _ => null,
        };
        ChatResponseUpdate[] updates = Conversations.Updates;
        ChatResponse answer = Conversations.Answer;
        ScriptedChatClient inner = new()
        {
            Answer = async (_, _, token) =>
            {
                await Task.Yield();
                if (outcome == Outcome.Cancelled)
                {
                    await cancellation.CancelAsync();
                    token.ThrowIfCancellationRequested();
                }

                return failure is null ? answer : throw failure;
            },
            Stream = token => outcome == Outcome.Cancelled
            ? CancelledStream(updates, cancellation, token) : Conversations.Stream(failure is null ? updates : updates[..1], failure),
        };
        IChatClient client = inner.WithPandaProbe();

        List<object> seen = [];
        Exception? caught = null;
        Activity? before = Activity.Current;
        try
        {
            if (streaming)
            {
                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(
                    Conversations.Question, cancellationToken: cancellation.Token))
                {
                    Activity.Current.ShouldBe(before);
                    seen.Add(update);
                    if (outcome == Outcome.Abandoned)
                        break;
                }
            }
            else
            {
                seen.Add(await client.GetResponseAsync(Conversations.Question, cancellationToken: cancellation.Token));
            }
        }
        catch (Exception exception)
        {
            caught = exception;
        }

        Activity.Current.ShouldBe(before);
        object[] expected = (outcome, streaming) switch
        {
            (Outcome.Success, true) => updates,
            (Outcome.Success, false) => [answer],
            (_, true) => [updates[0]],
            _ => [],
        };
        seen.Count.ShouldBe(expected.Length);
        for (int i = 0; i < expected.Length; i++)
            seen[i].ShouldBeSameAs(expected[i]);
        if (failure is not null)
            caught.ShouldBeSameAs(failure);
        else if (outcome == Outcome.Cancelled)
            caught.ShouldBeOfType<OperationCanceledException>().CancellationToken.ShouldBe(cancellation.Token);
        else
            caught.ShouldBeNull();

        if (capture is null)
            return;

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Name.ShouldBe("chat gpt-4o-mini");
        span.Activity.ParentId.ShouldBeNull();
        span.Activity.Kind.ShouldBe(ActivityKind.Client);
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Attribute("gen_ai.operation.name").ShouldBe("chat");
        span.Attribute("gen_ai.provider.name").ShouldBe("openai");
        span.Attribute("gen_ai.request.model").ShouldBe("gpt-4o-mini");
        span.Attribute("server.address").ShouldBe("api.openai.com");
        span.Attribute("gen_ai.request.stream").ShouldBe(streaming ? true : null);
        span.Activity.TagObjects.Select(tag => tag.Key).ShouldBeUnique();

        bool succeeded = outcome is Outcome.Success;
        span.Activity.Status.ShouldBe(caught is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        span.Attribute("error.type").ShouldBe(caught?.GetType().FullName);
        span.Events.Count(happened => happened.Name == "exception").ShouldBe(caught is null ? 0 : 1);
        (string Name, string? FinishReason) ending = outcome switch
        {
            Outcome.Success => ("completed", "stop"),
            Outcome.Abandoned => ("abandoned", null),
            Outcome.Cancelled => ("cancelled", null),
            _ => ("failed", "error"),
        };
        span.Attribute("pandaprobe.metadata.stream.outcome").ShouldBe(streaming ? ending.Name : null);
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(succeeded ? 150L : null);
        span.Attribute("gen_ai.usage.output_tokens").ShouldBe(succeeded ? 80L : null);
        span.Attribute("gen_ai.usage.cache_read.input_tokens").ShouldBe(succeeded ? 64L : null);
        span.Attribute("gen_ai.usage.cache_creation.input_tokens").ShouldBe(succeeded ? 7L : null);
        span.Attribute("gen_ai.usage.reasoning.output_tokens").ShouldBe(succeeded ? 20L : null);
        span.Attribute("pandaprobe.usage.tool_prompt_tokens").ShouldBe(succeeded ? 3L : null);
        span.Attribute("pandaprobe.token_count_method").ShouldBe(succeeded ? "reported" : null);
        span.Attribute("gen_ai.response.finish_reasons")
            .ShouldBe((succeeded || streaming) && ending.FinishReason is { } reason ? new[] { reason } : null);
        span.Attribute("gen_ai.response.id").ShouldBe(succeeded || streaming ? "resp-1" : null);
        span.Attribute("gen_ai.response.model").ShouldBe(succeeded || streaming ? "gpt-4o-mini-2024-07-18" : null);
        span.Attributes.ContainsKey("gen_ai.response.time_to_first_chunk").ShouldBe(streaming);
        span.Attributes.ContainsKey("pandaprobe.completion_start_time").ShouldBe(streaming);

        span.Text("gen_ai.input.messages").ShouldBe(content
            ? """[{"role":"system","parts":[{"type":"text","content":"You are terse."}]},{"role":"user","parts":[{"type":"text","content":"Which city is the capital of France?"}]}]"""
            : null);
        string? text = succeeded ? "Paris." : streaming ? "Par" : null;
        span.Text("gen_ai.output.messages").ShouldBe(content && text is not null
            ? $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{text}}"}],"finish_reason":"{{ending.FinishReason ?? "error"}}"}]"""
            : null);
    }

    [Fact]
    public async Task With_no_listener_nothing_is_allocated_per_message()
    {
        using IDisposable paused = WholeRun.Pause();
        ScriptedChatClient inner = new() { Answer = (_, _, _) => Task.FromResult(new ChatResponse()) };
        CountingClient bare = new();
        IChatClient client = bare.WithPandaProbe();
        List<ChatMessage> messages = [.. Enumerable.Range(0, 1000).Select(i => new ChatMessage(ChatRole.User, "message " + i))];
        await client.GetResponseAsync(messages);

        Allocated.By(() => Ask(client)).ShouldBe(Allocated.By(() => Ask(bare)));
        bare.LastMessages.ShouldBeSameAs(messages);
        inner.Dispose();

        void Ask(IChatClient asked)
        {
            for (int i = 0; i < 100; i++)
                asked.GetResponseAsync(messages).IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> CancelledStream(
        ChatResponseUpdate[] updates, CancellationTokenSource cancellation, [EnumeratorCancellation] CancellationToken token)
    {
        yield return updates[0];
        await cancellation.CancelAsync();
        token.ThrowIfCancellationRequested();
    }

    private sealed class CountingClient : IChatClient
    {
        private static readonly Task<ChatResponse> Nothing = Task.FromResult(new ChatResponse());

        public IEnumerable<ChatMessage>? LastMessages { get; private set; }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LastMessages = messages;
            return Nothing;
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
                throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
