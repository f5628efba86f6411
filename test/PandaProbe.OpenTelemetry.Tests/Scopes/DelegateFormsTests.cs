namespace PandaProbe.Scopes;

/// <summary>The forms that take a delegate.</summary>
public sealed class DelegateFormsTests
{
    [Fact]
    public async Task They_record_the_result_as_output()
    {
        using SpanRecording recording = new();

        int sync = Probe.Trace(
            "sync trace", trace => Probe.Span("sync span", span => 41) + 1, input: "question", sessionId: "s", userId: "u");
        string result = await Probe.TraceAsync("async trace", async trace => await Probe.SpanAsync("async span", async span =>
        {
            await Task.Yield();
            return "answer";
        }, ProbeSpanKind.Llm, "gpt-5.4"));

        sync.ShouldBe(42);
        result.ShouldBe("answer");
        recording.Span("sync span").Tag("output.value").ShouldBe("41");
        recording.Span("sync trace").Tag("output.value").ShouldBe("42");
        recording.Span("sync trace").Tag("input.value").ShouldBe("question");
        recording.Span("sync trace").Tag("session.id").ShouldBe("s");
        recording.Span("async span").Text("gen_ai.output.messages").ShouldNotBeNull().ShouldContain("answer");
        recording.Span("async trace").Tag("output.value").ShouldBe("answer");
    }

    [Fact]
    public async Task An_output_set_inside_wins_over_the_result()
    {
        using SpanRecording recording = new();

        await Probe.TraceAsync("trace", async trace =>
        {
            await Task.Yield();
            trace.SetOutput("said inside");
            return new { bulky = true };
        });

        recording.Span("trace").Tag("output.value").ShouldBe("said inside");
    }

    [Fact]
    public async Task They_record_the_exception_once_and_let_it_pass_unchanged()
    {
        using SpanRecording recording = new();
        InvalidOperationException thrown = new("broken");

        (await Should.ThrowAsync<InvalidOperationException>(() => Probe.TraceAsync("trace", async trace =>
        {
            await Probe.SpanAsync("span", async span =>
            {
                await Task.Yield();
                throw thrown;
            });
        }))).ShouldBeSameAs(thrown);
        Should.Throw<InvalidOperationException>(() => Probe.Span("sync", (Action<SpanScope>)(_ => throw thrown))).ShouldBeSameAs(thrown);

        foreach (string name in new[] { "span", "trace", "sync" })
        {
            recording.Span(name).StatusDescription.ShouldBe("broken", name);
            recording.Span(name).Exceptions().Length.ShouldBe(1, name);
        }
    }

    [Fact]
    public async Task A_body_that_returns_a_task_ends_its_span_with_the_task_under_the_short_name_too()
    {
        using SpanRecording recording = new();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Task trace = Probe.Trace("trace", async _ => await gate.Task);
        Task<int> traceResult = Probe.Trace("trace with result", async _ =>
        {
            await gate.Task;
            return 1;
        });
        Task span = Probe.Span("span", async _ => await gate.Task);
        Task<int> spanResult = Probe.Span("span with result", async _ =>
        {
            await gate.Task;
            return 2;
        });
        Task group = Probe.Span("method group", Wait);
        Task traceOfValue = Probe.Trace("trace of a value task", _ => new ValueTask(gate.Task));
        Task<int> traceResultOfValue = Probe.Trace("trace of a value task with result", _ => WaitForValue(3));
        Task spanOfValue = Probe.Span("span of a value task", _ => new ValueTask(gate.Task));
        Task<int> spanResultOfValue = Probe.Span("span of a value task with result", _ => WaitForValue(4));
        recording.Spans.ShouldBeEmpty();

        gate.SetResult();
        await Task.WhenAll(trace, span, group, traceOfValue, spanOfValue);

        (await Task.WhenAll(traceResult, spanResult, traceResultOfValue, spanResultOfValue)).ShouldBe([1, 2, 3, 4]);
        recording.Spans.Count.ShouldBe(9);
        recording.Span("span of a value task with result").GetTagItem("output.value").ShouldBe("4");

        Task Wait(SpanScope _) => gate.Task;

        async ValueTask<int> WaitForValue(int value)
        {
            await gate.Task;
            return value;
        }
    }

    [Fact]
    public async Task A_task_that_fails_fails_its_span_under_the_short_name_too()
    {
        using SpanRecording recording = new();

        await Should.ThrowAsync<InvalidOperationException>(() => Probe.Span("span", async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }));

        recording.Span("span").StatusDescription.ShouldBe("broken");
    }

    [Fact]
    public void They_run_the_body_when_nobody_listens()
    {
        Probe.Span("span", _ => 1).ShouldBe(1);
        Should.Throw<ArgumentNullException>(() => Probe.Span("span", (Action<SpanScope>)null!));
    }
}
