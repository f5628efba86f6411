using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Tests;
using PandaProbe.Tokenization;
using static PandaProbe.Streaming.Scripted;

namespace PandaProbe.Streaming;

public sealed class ObserveTests
{
    private const string Model = "gpt-4o";
    private const string Outcome = "pandaprobe.metadata.stream.outcome";

    public static TheoryData<Mode> Modes => [Mode.Synchronous, Mode.AsynchronousAtOnce, Mode.AsynchronousLater];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_stream_of_any_length_passes_through_and_is_recorded(Mode mode)
    {
        foreach (int length in (int[])[1, 2, 21, 1000, 100_000])
        {
            using SpanRecording recording = new();
            string[] chunks = Chunks(length);
            int seen = 0;
            using (SpanScope span = Probe.StartLlmSpan(Model, "openai"))
            {
                await Consume(span, mode, chunks, (i, chunk) =>
                {
                    seen += ReferenceEquals(chunk, chunks[i]) ? 1 : 0;
                    return true;
                });
            }

            seen.ShouldBe(length);
            string text = string.Concat(chunks);
            Activity recorded = recording.Spans.ShouldHaveSingleItem();
            recorded.DisplayName.ShouldBe("chat gpt-4o");
            recorded.Status.ShouldBe(ActivityStatusCode.Unset);
            recorded.Tag(Outcome).ShouldBe("completed");
            recorded.Tag("gen_ai.request.stream").ShouldBe(true);
            Output(recorded).ShouldBe(text);
            recorded.Tag("gen_ai.usage.output_tokens").ShouldBe((long)Tokenizer.ForModel(Model).CountTokens(text));
            recorded.Tag("pandaprobe.token_count_method").ShouldBe("tiktoken");
            recorded.HasTag("gen_ai.response.finish_reasons").ShouldBeFalse();
            recorded.Tag("gen_ai.response.time_to_first_chunk").ShouldBeOfType<double>().ShouldBeInRange(0, recorded.Duration.TotalSeconds);
            DateTime content = DateTimeOffset.Parse((string)recorded.Tag("pandaprobe.completion_start_time")!).UtcDateTime;
            content.ShouldBeInRange(recorded.StartTimeUtc, recorded.StartTimeUtc + recorded.Duration);
            recorded.TagObjects.GroupBy(tag => tag.Key).Where(group => group.Count() > 1).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_failure_at_any_position_reaches_the_consumer_and_the_span(Mode mode)
    {
        string[] chunks = Chunks(12);
        for (int position = 0; position <= chunks.Length; position++)
        {
            using SpanRecording recording = new();
            InvalidOperationException failure = new("broken stream");
            using (SpanScope span = Probe.StartLlmSpan(Model, "openai"))
            {
                InvalidOperationException thrown = await Should.ThrowAsync<InvalidOperationException>(
                    () => Consume(span, mode, chunks, (_, _) => true, position, failure));
                thrown.ShouldBeSameAs(failure);
            }

            Activity recorded = recording.Spans.ShouldHaveSingleItem();
            recorded.Status.ShouldBe(ActivityStatusCode.Error);
            recorded.StatusDescription.ShouldBe("broken stream");
            recorded.Tag("error.type").ShouldBe("System.InvalidOperationException");
            recorded.Exceptions().Length.ShouldBe(1);
            recorded.Tag(Outcome).ShouldBe("failed");
            recorded.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "error" });
            ShouldHoldTheBeginning(recorded, chunks, position);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_cancellation_at_any_position_is_told_from_a_failure(Mode mode)
    {
        string[] chunks = Chunks(12);
        for (int position = 0; position <= chunks.Length; position++)
        {
            using SpanRecording recording = new();
            using CancellationTokenSource cancellation = new();
            int cancelAt = position;
            using (SpanScope span = Probe.StartLlmSpan(Model, "openai"))
            {
                await Should.ThrowAsync<OperationCanceledException>(() => Consume(
                    span, mode, chunks, (_, _) =>
                        true, onStep: step => { if (step == cancelAt) cancellation.Cancel(); }, cancellation: cancellation.Token));
            }

            Activity recorded = recording.Spans.ShouldHaveSingleItem();
            recorded.Status.ShouldBe(ActivityStatusCode.Error);
            recorded.Tag("error.type").ShouldBe("System.OperationCanceledException");
            recorded.Tag(Outcome).ShouldBe("cancelled");
            recorded.HasTag("gen_ai.response.finish_reasons").ShouldBeFalse();
            (recorded.Text("gen_ai.output.messages") ?? "").ShouldNotContain("\"stop\"");
            ShouldHoldTheBeginning(recorded, chunks, position);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_break_at_any_position_ends_the_span_as_abandoned(Mode mode)
    {
        string[] chunks = Chunks(12);
        for (int position = 0; position < chunks.Length; position++)
        {
            using SpanRecording recording = new();
            int breakAt = position;
            using (Probe.StartTrace("around"))
            {
                using (SpanScope span = Probe.StartLlmSpan(Model, "openai"))
                {
                    await Consume(span, mode, chunks, (i, _) => i != breakAt);
                    recording.Spans.ShouldHaveSingleItem();
                }

                Activity.Current!.DisplayName.ShouldBe("around");
            }

            Activity recorded = recording.Span("chat gpt-4o");
            recorded.Status.ShouldBe(ActivityStatusCode.Unset);
            recorded.Tag(Outcome).ShouldBe("abandoned");
            recorded.HasTag("gen_ai.response.finish_reasons").ShouldBeFalse();
            (recorded.Text("gen_ai.output.messages") ?? "").ShouldNotContain("\"stop\"");
            ShouldHoldTheBeginning(recorded, chunks, position + 1);
        }
    }

    [Fact]
    public async Task An_exception_of_the_consumer_abandons_the_stream()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            await Should.ThrowAsync<FormatException>(
                () => Consume(span, Mode.AsynchronousLater, Chunks(3), (_, _) => throw new FormatException()));
        }

        recording.Spans.ShouldHaveSingleItem().Tag(Outcome).ShouldBe("abandoned");
    }

    [Fact]
    public void A_stream_that_nobody_enumerates_ends_with_the_using()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            _ = span.Observe(Async(Chunks(3), later: true));
            recording.Spans.ShouldBeEmpty();
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag(Outcome).ShouldBe("not_enumerated");
        recorded.Tag("gen_ai.request.stream").ShouldBe(true);
        recorded.HasTag("gen_ai.response.time_to_first_chunk").ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_enumerations_at_the_same_time_both_get_all_chunks_and_one_is_recorded()
    {
        using SpanRecording recording = new();
        string[] chunks = Chunks(1000);
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            IAsyncEnumerable<string> stream = span.Observe(Async(chunks, later: true));
            string[][] read = await Task.WhenAll(Task.Run(() => ReadAll(stream)), Task.Run(() => ReadAll(stream)));
            read[0].ShouldBe(chunks);
            read[1].ShouldBe(chunks);
            (await ReadAll(stream)).ShouldBe(chunks);
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        Output(recorded).ShouldBe(string.Concat(chunks));
        recorded.Tag(Outcome).ShouldBe("completed");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Between_chunks_the_consumer_works_below_the_span_and_after_it_below_what_was_before(Mode mode)
    {
        using SpanRecording recording = new();
        using (Probe.StartTrace("around"))
        {
            using (SpanScope span = Probe.StartLlmSpan(Model))
            {
                await Consume(
                    span,
                    mode,
                    Chunks(5),
                    (_, _) =>
                    {
                        Activity.Current.ShouldBeSameAs(span.Activity);
                        using SpanScope child = Probe.StartSpan("between");
                        return true;
                    },
                    onStep: _ => Probe.StartSpan("inside").Dispose());
            }

            Activity.Current!.DisplayName.ShouldBe("around");
            Probe.StartSpan("after").Dispose();
        }

        Activity call = recording.Span("chat gpt-4o");
        recording.Spans.Where(span => span.DisplayName is "between" or "inside").ShouldAllBe(span => span.ParentSpanId == call.SpanId);
        recording.Spans.Count(span => span.DisplayName == "between").ShouldBe(5);
        recording.Span("after").ParentSpanId.ShouldBe(recording.Span("around").SpanId);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Right_after_the_loop_the_span_is_no_longer_current(bool later, bool breaks)
    {
        using SpanRecording recording = new();
        using TraceScope trace = Probe.StartTrace("around");
        SpanScope span = Probe.StartLlmSpan(Model);
        await foreach (string chunk in span.Observe(Async(Chunks(3), later)))
        {
            Activity.Current.ShouldBeSameAs(span.Activity);
            if (breaks)
                break;
        }

        recording.Spans.ShouldHaveSingleItem();
        Activity.Current.ShouldBeSameAs(trace.Activity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_started_elsewhere_works_below_its_span_and_leaves_the_consumers_current_alone(bool later)
    {
        using SpanRecording recording = new();
        using (TraceScope trace = Probe.StartTrace("around"))
        {
            IAsyncEnumerable<string> stream = await StartElsewhere(later);
            Activity.Current.ShouldBeSameAs(trace.Activity);
            await foreach (string chunk in stream)
            {
                Activity.Current.ShouldBeSameAs(trace.Activity);
                Probe.StartSpan("between").Dispose();
            }

            Activity.Current.ShouldBeSameAs(trace.Activity);
        }

        Activity call = recording.Span("chat gpt-4o");
        recording.Spans.Where(span => span.DisplayName == "inside").ShouldAllBe(span => span.ParentSpanId == call.SpanId);
        recording.Spans.Count(span => span.DisplayName == "inside").ShouldBe(6);
        recording.Spans.Where(span => span.DisplayName == "between")
            .ShouldAllBe(span => span.ParentSpanId == recording.Span("around").SpanId);

        static async Task<IAsyncEnumerable<string>> StartElsewhere(bool later)
        {
            SpanScope span = Probe.StartLlmSpan(Model);
            await Task.Yield();
            return span.Observe(Async(Chunks(5), later, onStep: _ => Probe.StartSpan("inside").Dispose()));
        }
    }

    [Fact]
    public void A_stream_that_keeps_an_activity_open_between_chunks_does_not_show_it_to_the_consumer()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            foreach (string chunk in span.Observe(WithOpenSpan()))
                Activity.Current.ShouldBeSameAs(span.Activity);
        }

        recording.Spans.Where(span => span.DisplayName == "step")
            .ShouldAllBe(span => span.ParentSpanId == recording.Span("request").SpanId);
        recording.Spans.Count(span => span.DisplayName == "step").ShouldBe(2);
        recording.Span("request").ParentSpanId.ShouldBe(recording.Span("chat gpt-4o").SpanId);

        static IEnumerable<string> WithOpenSpan()
        {
            using SpanScope request = Probe.StartSpan("request");
            Probe.StartSpan("step").Dispose();
            yield return "a";
            Probe.StartSpan("step").Dispose();
            yield return "b";
        }
    }

    [Fact]
    public async Task What_the_provider_reports_goes_before_what_is_counted()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpanWithTokens(Model, "openai", "Hello world!"))
        {
            span.Activity!.GetTagItem("gen_ai.usage.input_tokens").ShouldBe(3L);
            span.Activity.GetTagItem("pandaprobe.token_count_method").ShouldBe("tiktoken");
            await foreach (string chunk in span.Observe(Async(["a", "b"], later: true)))
                span.SetTokenUsage(promptTokens: 9, completionTokens: 77);
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(9L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe(77L);
        recorded.Tag("pandaprobe.token_count_method").ShouldBe("reported");
    }

    [Fact]
    public void A_delegate_that_throws_stops_the_recording_of_text_and_nothing_else()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
            span.Observe([1, 2, 3], number => number == 2 ? throw new FormatException() : "x").ShouldBe([1, 2, 3]);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag(Outcome).ShouldBe("completed");
        Output(recorded).ShouldBe("x");
    }

    [Fact]
    public void A_timeout_is_a_failure_though_it_cancels()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            Should.Throw<TaskCanceledException>(
                () => span.Observe(Sync(["a"], failAt: 1, new TaskCanceledException("slow", new TimeoutException()))).Count());
        }

        recording.Spans.ShouldHaveSingleItem().Tag(Outcome).ShouldBe("failed");
    }

    [Fact]
    public void A_borrowed_span_is_not_ended_by_a_stream()
    {
        using SpanRecording recording = new();
        using (Probe.StartLlmSpan(Model))
        {
            Probe.CurrentSpan.Observe(Sync(["a"])).Count().ShouldBe(1);
            recording.Spans.ShouldBeEmpty();
            Probe.CurrentSpan.SetFinishReason("stop");
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag(Outcome).ShouldBe("completed");
        recorded.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
    }

    [Fact]
    public async Task An_asynchronous_dispose_is_awaited_before_the_span_ends()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan(Model))
        {
            await foreach (string chunk in span.Observe(Slowly()))
                break;
        }

        recording.Spans.Select(span => span.DisplayName).ShouldBe(["closing", "chat gpt-4o"]);
        recording.Span("chat gpt-4o").Tag(Outcome).ShouldBe("abandoned");

        static async IAsyncEnumerable<string> Slowly()
        {
            try
            {
                yield return "a";
                await Task.Yield();
            }
            finally
            {
                await Task.Yield();
                Probe.StartSpan("closing").Dispose();
            }
        }
    }

    [Fact]
    public void A_recorded_chunk_allocates_nothing()
    {
        using SpanRecording recording = new();
        using SpanScope span = Probe.StartLlmSpan(Model);
        using IEnumerator<string> chunks = span.Observe(Enumerable.Repeat("a", 10_000)).GetEnumerator();
        Read(100);

        Allocated.By(() => Read(40)).ShouldBe(0);

        void Read(int count)
        {
            for (int i = 0; i < count; i++)
                chunks.MoveNext().ShouldBeTrue();
        }
    }

    private static async Task<string[]> ReadAll(IAsyncEnumerable<string> stream)
    {
        List<string> read = [];
        await foreach (string chunk in stream)
            read.Add(chunk);
        return [.. read];
    }

    private static void ShouldHoldTheBeginning(Activity recorded, string[] chunks, int count)
    {
        string text = string.Concat(chunks[..count]);
        recorded.HasTag("gen_ai.output.messages").ShouldBe(count > 0);
        recorded.HasTag("gen_ai.usage.output_tokens").ShouldBe(count > 0);
        recorded.HasTag("gen_ai.response.time_to_first_chunk").ShouldBe(count > 0);
        if (count == 0)
            return;

        Output(recorded).ShouldBe(text);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe((long)Tokenizer.ForModel(Model).CountTokens(text));
    }

    private static string Output(Activity recorded)
    {
        using var messages = JsonDocument.Parse(recorded.Text("gen_ai.output.messages")!);
        return messages.RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString()!;
    }
}
