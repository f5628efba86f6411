using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Recording;

namespace PandaProbe.AI;

[Collection(ProcessWide.Name)]
public sealed class MetricsTests
{
    public static TheoryData<Tracing, bool> TracingAndStreaming
    {
        get
        {
            TheoryData<Tracing, bool> cases = [];
            foreach (Tracing tracing in Enum.GetValues<Tracing>())
            {
                cases.Add(tracing, false);
                cases.Add(tracing, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(TracingAndStreaming))]
    public async Task A_call_is_counted_once_whatever_becomes_of_its_span(Tracing tracing, bool streaming)
    {
        using Measurements measurements = new();
        using IDisposable traces = tracing.Start();
        await CallAsync(Provider().WithPandaProbe(), streaming);

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags.ShouldNotContainKey("error.type");
        measurements.Of(Measurements.Tokens).Select(measured => (measured.Value, measured.Tags["gen_ai.token.type"]))
            .ShouldBe([(150.0, "input"), (80.0, "output")]);
        measurements.Of(Measurements.Cost).Count.ShouldBe(1);
        measurements.Of(Measurements.FirstChunk).Count.ShouldBe(streaming ? 1 : 0);
        measurements.Of(Measurements.NextChunk).Count.ShouldBe(streaming ? Conversations.Updates.Length - 1 : 0);
        foreach (Measured measured in measurements.All)
        {
            measured.Tags["gen_ai.operation.name"].ShouldBe("chat");
            measured.Tags["gen_ai.provider.name"].ShouldBe("openai");
            measured.Tags["gen_ai.request.model"].ShouldBe("gpt-4o-mini");
            measured.Tags["server.address"].ShouldBe("api.openai.com");
            measured.Tags["server.port"].ShouldBe(443L);
            if (measured.Name != Measurements.NextChunk)
                measured.Tags["gen_ai.response.model"].ShouldBe("gpt-4o-mini-2024-07-18");
        }
    }

    [Theory]
    [MemberData(nameof(TracingAndStreaming))]
    public async Task A_failure_is_on_the_duration(Tracing tracing, bool streaming)
    {
        using Measurements measurements = new();
        using IDisposable traces = tracing.Start();
        IChatClient client = new ScriptedChatClient
        {
            Answer = (_, _, _) => throw new HttpRequestException("gone"),
            Stream = _ => Conversations.Stream(Conversations.Updates[..1], new HttpRequestException("gone")),
        }.WithPandaProbe();
        await Should.ThrowAsync<HttpRequestException>(() => CallAsync(client, streaming));

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags["error.type"].ShouldBe("System.Net.Http.HttpRequestException");
        measurements.Of(Measurements.Tokens).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Tracing.Recorded)]
    [InlineData(Tracing.RecordedByOthers)]
    [InlineData(Tracing.SampledOut)]
    [InlineData(Tracing.SampledOutBelowATrace)]
    [InlineData(Tracing.Nobody)]
    public async Task An_embedding_is_counted_once_whatever_becomes_of_its_span(Tracing tracing)
    {
        using Measurements measurements = new();
        using IDisposable traces = tracing.Start();
        await new ScriptedGenerator().WithPandaProbe().GenerateAsync(["one"]);
        await Should.ThrowAsync<HttpRequestException>(
            async () => await new ScriptedGenerator { Failure = new HttpRequestException("gone") }.WithPandaProbe().GenerateAsync(["one"]));

        measurements.Of(Measurements.Duration).Select(measured => measured.Tags.GetValueOrDefault("error.type"))
            .ShouldBe([null, "System.Net.Http.HttpRequestException"]);
        measurements.Of(Measurements.Duration).ShouldAllBe(measured =>
            measured.Tags["gen_ai.operation.name"] as string == "embeddings"
                && measured.Tags["gen_ai.request.model"] as string == "text-embedding-3-small");
        measurements.Of(Measurements.Tokens).ShouldHaveSingleItem().Value.ShouldBe(12);
    }

    [Theory]
    [MemberData(nameof(TracingAndStreaming))]
    public async Task A_client_inside_of_a_client_counts_once_and_a_further_call_counts_itself(Tracing tracing, bool streaming)
    {
        using Measurements measurements = new();
        using IDisposable traces = tracing.Start();
        await CallAsync(Nested(calls: 1), streaming);
        measurements.Of(Measurements.Duration).Count.ShouldBe(1);
        measurements.Of(Measurements.Tokens).Count.ShouldBe(2);
        measurements.Of(Measurements.NextChunk).Count.ShouldBe(streaming ? Conversations.Updates.Length - 1 : 0);

        await CallAsync(Nested(calls: 2), streaming);
        measurements.Of(Measurements.Duration).Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(TracingAndStreaming))]
    public async Task A_call_that_another_librarys_span_stands_for_counts_once(Tracing tracing, bool streaming)
    {
        using Measurements measurements = new();
        using ActivitySource foreign = new("Experimental.Microsoft.Extensions.AI");
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source == foreign,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData
        };
        using IDisposable traces = tracing.Start();
        if (tracing is Tracing.RecordedByOthers or Tracing.Nobody)
            ActivitySource.AddActivityListener(listener);

        using (Activity? chat = foreign.StartActivity("chat", ActivityKind.Client))
        {
            chat?.SetTag("gen_ai.operation.name", "chat");
            await CallAsync(Nested(calls: 1), streaming);
        }

        measurements.Of(Measurements.Duration).Count.ShouldBe(1);
        measurements.Of(Measurements.Tokens).Select(measured => measured.Value).ShouldBe([150.0, 80.0]);
        measurements.Of(Measurements.FirstChunk).Count.ShouldBe(streaming ? 1 : 0);
    }

    [Fact]
    public async Task What_was_said_is_not_written_on_a_span_that_is_sampled_out()
    {
        using Measurements measurements = new();
        using IDisposable traces = Tracing.SampledOut.Start();
        ScriptedChatClient provider = Provider();
        await CallAsync(provider.WithPandaProbe(), streaming: false);
        await CallAsync(provider.WithPandaProbe(), streaming: true);

        provider.CurrentDuringCall.ShouldAllBe(span => span != null && !span.Recorded);
        provider.CurrentDuringCall.ShouldAllBe(
            span => span!.GetTagItem("gen_ai.input.messages") == null && span.GetTagItem("gen_ai.output.messages") == null);
    }

    [Fact]
    public async Task A_stream_that_is_not_recorded_allocates_nothing_more_per_chunk()
    {
        using IDisposable paused = WholeRun.Pause();
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, listener) =>
                listener.EnableMeasurementEvents(instrument)
        };
        listener.Start();
        ModelCall.IsWanted(ProbeSpanKind.Llm).ShouldBeTrue();
        ChatResponseUpdate update = new(ChatRole.Assistant, "x");

        long few = await AllocatedAsync(100), many = await AllocatedAsync(10_100);
        (many - few).ShouldBeLessThan(10_000);

        async Task<long> AllocatedAsync(int chunks)
        {
            ScriptedChatClient bare = new() { Stream = _ => Repeated(update, chunks) };
            bare.CurrentDuringCall.EnsureCapacity(4 * chunks);
            IChatClient wrapped = bare.WithPandaProbe();
            await CallAsync(bare, streaming: true);
            await CallAsync(wrapped, streaming: true);
            long start = GC.GetAllocatedBytesForCurrentThread();
            await CallAsync(bare, streaming: true);
            long middle = GC.GetAllocatedBytesForCurrentThread();
            await CallAsync(wrapped, streaming: true);
            return GC.GetAllocatedBytesForCurrentThread() - middle - (middle - start);
        }
    }

    private static ScriptedChatClient Provider() => new()
    {
        Answer = (_, _, _) => Task.FromResult(Conversations.Answer),
        Stream = _ => Conversations.Stream(Conversations.Updates),
    };

    /// <summary>A wrapped client whose provider is a wrapped client too, and asks it several times.</summary>
    private static IChatClient Nested(int calls)
    {
        IChatClient inner = Provider().WithPandaProbe();
        return new ScriptedChatClient
        {
            Answer = async (messages, options, token) =>
            {
                for (int i = 1; i < calls; i++)
                    await inner.GetResponseAsync(messages, options, token);
                return await inner.GetResponseAsync(messages, options, token);
            },
            Stream = token => Several(inner, calls, token),
        }.WithPandaProbe();
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Several(
        IChatClient inner, int calls, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        for (int i = 1; i < calls; i++)
            await inner.GetResponseAsync("again", cancellationToken: token);
        await foreach (ChatResponseUpdate update in inner.GetStreamingResponseAsync("Hi", cancellationToken: token))
            yield return update;
    }

#pragma warning disable CS1998 // Synchronous on purpose: its allocations are counted on this thread.
    private static async IAsyncEnumerable<ChatResponseUpdate> Repeated(ChatResponseUpdate update, int count)
    {
        for (int i = 0; i < count; i++)
            yield return update;
    }
#pragma warning restore CS1998

    private static async Task CallAsync(IChatClient client, bool streaming)
    {
        if (!streaming)
        {
            await client.GetResponseAsync(Conversations.Question);
            return;
        }

        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Conversations.Question))
        {
        }
    }
}
