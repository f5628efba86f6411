using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

/// <summary>Microsoft.Extensions.AI's own OpenTelemetry client in the chain: one call stays one span.</summary>
public sealed class DoubledSpanTests
{
    [Fact]
    public async Task A_span_of_the_telemetry_client_around_the_wrapper_is_enriched()
    {
        using SpanRecording recording = new();
        IChatClient client = new TelemetryDouble(Provider().WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Source.Name.ShouldBe("Experimental.Microsoft.Extensions.AI");
        span.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        span.Text("gen_ai.input.messages")!.ShouldContain("capital of France");
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
        span.Tag("gen_ai.usage.cache_creation.input_tokens").ShouldBe(7L);
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
        span.TagObjects.Select(tag => tag.Key).ShouldBeUnique();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_span_of_the_telemetry_client_inside_of_the_wrapper_is_not_recorded_and_what_is_below_it_is(bool streaming)
    {
        using SpanRecording recording = new();
        using ActivitySource http = new("PandaProbe.Tests.Http." + Guid.NewGuid());
        using SpanRecording listening = new(tracing: tracing => tracing.AddSource(http.Name));
        IChatClient client = new TelemetryDouble(Provider(() => http.StartActivity("POST")?.Dispose())).WithPandaProbe();

        if (streaming)
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Conversations.Question))
            {
            }
        }
        else
        {
            await client.GetResponseAsync(Conversations.Question);
        }

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Source.Name.ShouldBe("PandaProbe");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        listening.Span("POST").ParentSpanId.ShouldBe(span.SpanId);
    }

    [Fact]
    public async Task A_second_call_below_a_foreign_span_has_a_span_of_its_own_and_the_foreign_one_keeps_its_tags()
    {
        using SpanRecording recording = new();
        using ActivitySource source = new("Experimental.Microsoft.Extensions.AI");
        IChatClient client = Provider().WithPandaProbe();

        using (Activity chat = source.StartActivity("chat", ActivityKind.Client)!)
        {
            chat.SetTag("gen_ai.operation.name", "chat");
            await client.GetResponseAsync("one");
            await client.GetResponseAsync("two");
        }

        recording.Spans.Count.ShouldBe(2);
        recording.Span("chat gpt-4o-mini").Text("gen_ai.input.messages")!.ShouldContain("two");
        recording.Span("chat").HasTag("gen_ai.input.messages").ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_that_a_tool_makes_below_an_enriched_span_has_a_span_of_its_own()
    {
        using SpanRecording recording = new();
        IChatClient client = new TelemetryDouble(new ScriptedChatClient
        {
            Answer = async (_, _, _) =>
            {
                using SpanScope tool = Probe.StartSpan("research", ProbeSpanKind.Tool);
                return await Provider().WithPandaProbe().GetResponseAsync("Hi");
            },
        }.WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        recording.Spans.Select(span => (span.Source.Name, span.Tag("pandaprobe.span.kind"))).ShouldBe(
            [("PandaProbe", "LLM"), ("PandaProbe", "TOOL"), ("Experimental.Microsoft.Extensions.AI", "LLM")]);
    }

    [Fact]
    public async Task A_wrapper_inside_of_the_wrapper_that_enriches_a_span_adds_none()
    {
        using SpanRecording recording = new();
        IChatClient inner = Provider().WithPandaProbe();
        IChatClient client = new TelemetryDouble(
            new ScriptedChatClient
            {
                Answer = (messages, options, token) =>
                    inner.GetResponseAsync(messages, options, token)
            }.WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        recording.Spans.ShouldHaveSingleItem().Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }

    [Fact]
    public async Task A_span_that_a_person_opened_never_stands_in_for_a_call()
    {
        using SpanRecording recording = new();
        using (Probe.StartSpan("chat gpt-4o-mini", ProbeSpanKind.Llm))
            await new TelemetryDouble(Provider()).GetResponseAsync("Hi");

        recording.Spans.Count.ShouldBe(2);
    }

    private static ScriptedChatClient Provider(Action? work = null) => new()
    {
        Answer = (_, _, _) =>
        {
            work?.Invoke();
            return Task.FromResult(Conversations.Answer);
        },
        Stream = _ => Worked(work),
    };

    private static async IAsyncEnumerable<ChatResponseUpdate> Worked(Action? work)
    {
        work?.Invoke();
        await foreach (ChatResponseUpdate update in Conversations.Stream(Conversations.Updates))
            yield return update;
    }

    /// <summary>The telemetry client of Microsoft.Extensions.AI, reduced to its span.</summary>
    private sealed class TelemetryDouble(IChatClient inner) : DelegatingChatClient(inner)
    {
        private static readonly ActivitySource Source = new("Experimental.Microsoft.Extensions.AI");

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ActivitySource) ? Source : base.GetService(serviceType, serviceKey);

        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            using Activity? activity = Start();
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
            activity?.AddTag("gen_ai.response.finish_reasons", "[\"stop\"]").AddTag("gen_ai.usage.input_tokens", 150)
                .AddTag("gen_ai.usage.output_tokens", 80);
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            using Activity? activity = Start();
            await foreach (ChatResponseUpdate update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }

        private static Activity? Start() => Source.StartActivity("chat gpt-4o-mini", ActivityKind.Client)?
            .AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.request.model", "gpt-4o-mini").AddTag("gen_ai.provider.name", "openai");
    }
}
