using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Pricing.Tests;
using PandaProbe.Safety;

namespace PandaProbe.Testing;

public sealed class CaptureTests
{
    private const int Parallel = 200;

    [Fact]
    public async Task Records_what_its_own_context_starts_tasks_included_and_nothing_of_others()
    {
        Task elsewhere;
        TaskCompletionSource recording = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ExecutionContext.SuppressFlow())
        {
            elsewhere = Task.Run(async () =>
            {
                await recording.Task;
                using SpanScope foreign = Probe.StartSpan("foreign");
            });
        }

        using var capture = ProbeCapture.Start();
        recording.SetResult();
        await elsewhere;
        using (Probe.StartTrace("own"))
            await Task.Run(() => Probe.StartSpan("in a task").Dispose());

        CapturedTrace trace = await capture.WaitForTraceAsync();
        trace.ToString().ShouldBe("TRACE own\n  OTHER in a task");
        capture.Spans.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_hundred_tests_beside_each_other_see_their_own_spans_scores_and_metrics_only()
    {
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(number => Task.Run(async () =>
        {
            using var capture = ProbeCapture.Start();
            using (TraceScope trace = Probe.StartTrace($"test {number}"))
            {
                await Task.Yield();
                using (SpanScope call = Probe.StartLlmSpan($"model-{number}", "openai"))
                    call.SetTokenUsage(number, 1);
                await Support.CallAsync($"tool {number}", "{}");
                trace.Score($"score {number}", 1);
            }

            CapturedTrace captured = await capture.WaitForTraceAsync();
            captured.Spans.Select(span => span.Name)
                .ShouldBe([$"test {number}", $"chat model-{number}", $"tool {number}"], ignoreOrder: true);
            captured.Usage.InputTokens.ShouldBe(number);
            capture.Scores.ShouldHaveSingleItem().Name.ShouldBe($"score {number}");
            capture.Measurements.Select(measured => measured.Attributes.GetValueOrDefault("gen_ai.request.model")).Distinct()
                .ShouldBe([$"model-{number}"]);
            capture.Traces.Count.ShouldBe(1);
        })));
    }

    [Fact]
    public async Task Shows_a_model_call_with_messages_tokens_and_cost()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("run", sessionId: "s1", userId: "u1", tags: ["production"], metadata: new() { ["plan"] = "free" }))
        {
            using SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai");
            call.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User("Hi")]);
            call.SetOutput([ProbeMessage.Assistant(ProbeMessagePart.ToolCall("call_1", "wave", """{"hand":"left"}"""))]);
            call.SetTokenUsage(promptTokens: 1000, completionTokens: 500);
            call.SetFinishReason("tool_calls");
        }

        CapturedTrace trace = await capture.WaitForTraceAsync();
        CapturedSpan span = trace.ModelCalls.ShouldHaveSingleItem();
        (span.Model, span.Provider, span.Operation).ShouldBe(("gpt-5.4", "openai", "chat"));
        span.InputMessages.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be terse.", "user: Hi"]);
        span.OutputMessages.ShouldHaveSingleItem().ToolCalls.ShouldBe([new("call_1", "wave", """{"hand":"left"}""")]);
        span.Usage.TotalTokens.ShouldBe(1500);
        span.FinishReasons.ShouldBe(["tool_calls"]);
        span.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
        span.Parent.ShouldBeSameAs(trace.Root);
        trace.Cost.ShouldBe(span.Cost.Value);
        (trace.SessionId, trace.UserId).ShouldBe(("s1", "u1"));
        trace.Tags.ShouldBe(["production"]);
        trace.Metadata["plan"].ShouldBe("free");
    }

    [Fact]
    public async Task Work_in_another_context_belongs_to_the_capture_of_its_trace()
    {
        using var capture = ProbeCapture.Start();
        using (TraceScope trace = Probe.StartTrace("own"))
        {
            Activity parent = trace.Activity!;
            await Elsewhere(() =>
            {
                Activity.Current = parent;
                using SpanScope span = Probe.StartLlmSpan("gpt-5.4", "openai");
                span.SetTokenUsage(100, 10);
            });
        }

        CapturedTrace captured = await capture.WaitForTraceAsync();
        captured.Spans.Count.ShouldBe(2);
        captured.ModelCalls[0].Cost.ShouldNotBeNull();
        capture.Measurements.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_score_from_another_context_reaches_the_capture_of_its_trace()
    {
        using var capture = ProbeCapture.Start();
        Guid id;
        using (TraceScope trace = Probe.StartTrace("own"))
            id = trace.TraceId;
        await Elsewhere(() => Probe.Score(id, "helpful", 0.5, "short"));

        CapturedTrace captured = await capture.WaitForTraceAsync();
        captured.Scores.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            score => score.Name.ShouldBe("helpful"), score => score.Value.ShouldBe("0.5"), score => score.Reason.ShouldBe("short"));
        captured.Spans.Count.ShouldBe(1, "the span that carries the score to other backends is not one of the test");
    }

    [Fact]
    public async Task Waits_for_open_spans()
    {
        using var capture = ProbeCapture.Start();
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = Task.Run(async () =>
        {
            using TraceScope trace = Probe.StartTrace("slow");
            await release.Task;
        });
        Task<CapturedTrace> waiting = capture.WaitForTraceAsync();
        waiting.IsCompleted.ShouldBeFalse();

        release.SetResult();

        (await waiting).Root.IsOpen.ShouldBeFalse();
        await work;
    }

    [Fact]
    public void Open_spans_are_in_the_picture_as_open()
    {
        using var capture = ProbeCapture.Start();
        using TraceScope trace = Probe.StartTrace("slow");

        capture.Trace.Root.IsOpen.ShouldBeTrue();
        capture.Trace.ToString().ShouldBe("TRACE slow (open)");
    }

    [Fact]
    public async Task Errors_of_using_blocks_are_recorded_without_a_provider()
    {
        using var capture = ProbeCapture.Start();
        Should.Throw<InvalidOperationException>(() =>
        {
            using TraceScope trace = Probe.StartTrace("failing");
            throw new InvalidOperationException("no stock");
        });

        CapturedSpan root = (await capture.WaitForTraceAsync()).Root;
        (root.IsError, root.ErrorType, root.ErrorMessage).ShouldBe((true, "System.InvalidOperationException", "no stock"));
    }

    [Fact]
    public void Diagnostics_of_this_test_stand_beside_the_spans()
    {
        using var capture = ProbeCapture.Start();
        using (TraceScope trace = Probe.StartTrace("run"))
            trace.Score("helpful", 7);

        capture.Diagnostics.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            said => said.Name.ShouldBe("ValueRefused"), said => said.Text.ShouldContain("not a number from 0 to 1"));
        capture.Scores.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_inner_capture_shares_its_spans_with_the_outer_one()
    {
        using var outer = ProbeCapture.Start();
        Probe.StartTrace("before").Dispose();
        using (var inner = ProbeCapture.Start())
        {
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai"))
                call.SetTokenUsage(100, 10);
            (await inner.WaitForTraceAsync()).Name.ShouldBe("chat gpt-5.4");
        }

        Probe.StartTrace("after").Dispose();
        IReadOnlyList<CapturedTrace> traces = await outer.WaitForTracesAsync();
        traces.Select(trace => trace.Name).ShouldBe(["before", "chat gpt-5.4", "after"]);
        outer.Measurements.Count(measured => measured.Name == "gen_ai.client.operation.duration").ShouldBe(1);
    }

    [Fact]
    public async Task A_provider_of_the_program_under_test_exports_inside_a_capture_as_always()
    {
        using var capture = ProbeCapture.Start();
        EndedSpans exported = new();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)
            .AddProcessor(exported).Build())
        {
            using SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai");
            call.SetTokenUsage(100, 10);
        }

        CapturedTrace trace = await capture.WaitForTraceAsync();
        trace.Cost.ShouldBeGreaterThan(0);
        exported.All.ShouldContain(trace.Root.Activity);
        capture.Measurements.Count(measured => measured.Name == "gen_ai.client.operation.duration").ShouldBe(1);
    }

    [Fact]
    public async Task What_an_exporter_of_the_program_under_test_gives_up_stands_among_the_drops()
    {
        await using WireServer server = await WireServer.StartAsync(
            context => WireServer.WriteJsonAsync(context, """{"detail":"invalid"}""", status: 422));
        using var capture = ProbeCapture.Start();
        capture.Drops.ShouldBeEmpty();
        using (Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = ProbeExport.PandaProbe;
            options.PandaProbe.ApiKey = "key";
            options.PandaProbe.ProjectName = "shop";
            options.PandaProbe.Endpoint = server.Address;
        }).Build())
        {
            using (TraceScope trace = Probe.StartTrace("run"))
                trace.StartSpan("step").Dispose();
        }

        capture.Drops.ShouldBe([new("spans", "invalid", 1), new("traces", "invalid", 1)]);
        capture.Diagnostics.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_the_options_redact_and_mask_is_not_in_the_picture()
    {
        using var capture = ProbeCapture.Start(options =>
        {
            options.Recording.Redact = text => text.Replace("Ada", "[name]", StringComparison.Ordinal);
            options.Recording.Safety = new SafetyOptions().MaskPersonalData();
        });
        Probe.StartTrace("run", "Ada pays with 4111 1111 1111 1111").Dispose();

        CapturedTrace trace = await capture.WaitForTraceAsync();

        trace.ShouldNotContain("Ada").ShouldNotContain("4111 1111 1111 1111");
        trace.Input.ShouldNotBeNull().ShouldContain("[name]");
    }

    [Fact]
    public async Task Rules_of_safety_decide_by_kind_and_field_as_in_the_program()
    {
        using var capture = ProbeCapture.Start(options => options.Recording.Safety.Rules.Add(
            new(SensitiveAction.Mask) { SpanKind = "TOOL", Field = "input", Type = SensitiveType.Email }));
        using (Probe.StartTrace("run", "ada@example.com"))
            await Support.CallAsync("send", """{"to":"ada@example.com"}""");

        CapturedTrace trace = await capture.WaitForTraceAsync();

        trace.Input.ShouldBe("ada@example.com");
        trace.Span("send").Arguments.ShouldBe("""{"to":"[EMAIL]"}""");
    }

    [Fact]
    public async Task Times_are_those_of_the_clock_of_the_test()
    {
        ManualTime time = new();
        using var capture = ProbeCapture.Start(options => options.TimeProvider = time);
        using (Probe.StartTrace("run"))
            time.Advance(TimeSpan.FromSeconds(90));

        CapturedTrace trace = await capture.WaitForTraceAsync();

        trace.Duration.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Further_sources_are_recorded_on_request()
    {
        using ActivitySource shop = new("Shop.Orders");
        using var capture = ProbeCapture.Start(options => options.Sources.Add("Shop.*"));
        using (Probe.StartTrace("run"))
            shop.StartActivity("SELECT orders")!.Dispose();

        (await capture.WaitForTraceAsync()).ToString().ShouldBe("TRACE run\n  OTHER SELECT orders");
    }

    [Fact]
    public void After_the_last_capture_nobody_listens()
    {
        using (ProbeCapture.Start())
            Probe.StartTrace("run").Dispose();

        using TraceScope later = Probe.StartTrace("later");
        later.IsRecording.ShouldBeFalse();
    }

    internal static Task Elsewhere(Action work)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }

    private sealed class EndedSpans : BaseProcessor<Activity>
    {
        // Processors of others see the spans of all tests.
        public ConcurrentQueue<Activity> All { get; } = new();

        public override void OnEnd(Activity data) => All.Enqueue(data);
    }
}
