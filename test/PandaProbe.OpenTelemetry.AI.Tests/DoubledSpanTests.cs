using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

/// <summary>Microsoft.Extensions.AI's own OpenTelemetry client in the chain: one call stays one span.</summary>
public sealed class DoubledSpanTests
{
    [Fact]
    public async Task A_span_of_the_telemetry_client_around_the_wrapper_is_enriched()
    {
        using var capture = ProbeCapture.Start();
        IChatClient client = new TelemetryDouble(Provider().WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Activity.Source.Name.ShouldBe("Experimental.Microsoft.Extensions.AI");
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Text("gen_ai.input.messages")!.ShouldContain("capital of France");
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
        span.Usage.ShouldBe(new(150, 80, 64, 7, 20));
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
        span.Activity.TagObjects.Select(tag => tag.Key).ShouldBeUnique();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_span_of_the_telemetry_client_inside_of_the_wrapper_is_not_recorded_and_what_is_below_it_is(bool streaming)
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource http = new("PandaProbe.Tests.Http." + Guid.NewGuid());
        using var listening = ProbeCapture.Start(options => options.Sources.Add(http.Name));
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

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Activity.Source.Name.ShouldBe("PandaProbe");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        listening.Span("POST").Parent!.Id.ShouldBe(span.Id);
    }

    [Fact]
    public async Task A_second_call_below_a_foreign_span_has_a_span_of_its_own_and_the_foreign_one_keeps_its_tags()
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource source = new("Experimental.Microsoft.Extensions.AI");
        IChatClient client = Provider().WithPandaProbe();

        using (Activity chat = source.StartActivity("chat", ActivityKind.Client)!)
        {
            chat.SetTag("gen_ai.operation.name", "chat");
            await client.GetResponseAsync("one");
            await client.GetResponseAsync("two");
        }

        capture.Spans.Count.ShouldBe(2);
        capture.Span("chat gpt-4o-mini").Text("gen_ai.input.messages")!.ShouldContain("two");
        capture.Span("chat").Attribute("gen_ai.input.messages").ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_a_tool_makes_below_an_enriched_span_has_a_span_of_its_own()
    {
        using var capture = ProbeCapture.Start();
        IChatClient client = new TelemetryDouble(new ScriptedChatClient
        {
            Answer = async (_, _, _) =>
            {
                using SpanScope tool = Probe.StartSpan("research", ProbeSpanKind.Tool);
                return await Provider().WithPandaProbe().GetResponseAsync("Hi");
            },
        }.WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        capture.Spans.Select(span => (span.Activity.Source.Name, span.Attribute("pandaprobe.span.kind"))).ShouldBe(
            [("Experimental.Microsoft.Extensions.AI", "LLM"), ("PandaProbe", "TOOL"), ("PandaProbe", "LLM")]);
    }

    [Fact]
    public async Task A_wrapper_inside_of_the_wrapper_that_enriches_a_span_adds_none()
    {
        using var capture = ProbeCapture.Start();
        IChatClient inner = Provider().WithPandaProbe();
        IChatClient client = new TelemetryDouble(
            new ScriptedChatClient
            {
                Answer = (messages, options, token) =>
                    inner.GetResponseAsync(messages, options, token)
            }.WithPandaProbe());

        await client.GetResponseAsync(Conversations.Question);

        capture.Spans.ShouldHaveSingleItem().Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }

    [Fact]
    public async Task A_span_that_a_person_opened_never_stands_in_for_a_call()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartSpan("chat gpt-4o-mini", ProbeSpanKind.Llm))
            await new TelemetryDouble(Provider()).GetResponseAsync("Hi");

        capture.Spans.Count.ShouldBe(2);
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
