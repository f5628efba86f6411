using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public class AssemblingTests
{
    [Fact]
    public async Task A_trace_arrives_with_its_spans_their_order_and_everything_they_say()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options =>
        {
            options.Environment = "production";
            options.Release = "v1.2.3";
        });

        Guid id;
        using (TraceScope trace = Probe.StartTrace(
            "rag", input: "Which city?", sessionId: "s-1", userId: "u-1", tags: ["a", "b"], metadata: new() { ["pipeline"] = "docs" }))
        {
            id = trace.TraceId;
            using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
            {
                using SpanScope llm = agent.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4");
                llm.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User("Which city?")]);
                llm.SetOutput([ProbeMessage.Assistant("Paris \"of course\"\n")]);
                llm.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000, ["style"] = "calm" });
                llm.SetTokenUsage(150, 80, new() { ["reasoning_tokens"] = 20, ["cache_read_tokens"] = 64 });
                llm.SetCost(0.002m);
                llm.SetFinishReason("stop");
                llm.SetCompletionStartTime(DateTimeOffset.UtcNow);
            }

            trace.SetOutput([ProbeMessage.User("ignored"), ProbeMessage.Assistant("Paris")]);
        }

        export.Flush().ShouldBeTrue();

        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Traces[id];
        stored.Fields.ToJsonString().ShouldContain("\"environment\":\"production\"");
        stored.Name.ShouldBe("rag");
        stored.Status.ShouldBe("COMPLETED");
        ((string)stored.Fields["session_id"]!).ShouldBe("s-1");
        ((string)stored.Fields["user_id"]!).ShouldBe("u-1");
        stored.Fields["tags"]!.AsArray().Select(tag => (string)tag!).ShouldBe(["a", "b"]);
        ((string)stored.Fields["metadata"]!["pipeline"]!).ShouldBe("docs");
        stored.Fields["input"]!.ToJsonString().ShouldBe("""{"messages":[{"role":"user","content":"Which city?"}]}""");
        stored.Fields["output"]!.ToJsonString().ShouldBe("""{"messages":[{"role":"assistant","content":"Paris"}]}""");

        stored.Spans.Count.ShouldBe(2);
        JsonElement parent = stored.Span("agent");
        parent.TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        parent.GetProperty("kind").GetString().ShouldBe("AGENT");
        parent.GetProperty("status").GetString().ShouldBe("OK");
        JsonElement span = stored.Span("generate");
        span.GetProperty("parent_span_id").GetString().ShouldBe(parent.GetProperty("span_id").GetString());
        span.GetProperty("input").GetProperty("messages")[1].GetProperty("content").GetString().ShouldBe("Which city?");
        span.GetProperty("output").GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe("Paris \"of course\"\n");
        span.GetProperty("model").GetString().ShouldBe("gpt-5.4");
        span.GetProperty("model_parameters").GetProperty("style").GetString().ShouldBe("calm");
        span.GetProperty("token_usage").GetRawText().ShouldBe(
            """{"prompt_tokens":150,"completion_tokens":80,"total_tokens":230,"cache_read_tokens":64,"reasoning_tokens":20}""");
        span.GetProperty("cost").GetProperty("total").GetDouble().ShouldBe(0.002);
        span.GetProperty("metadata").GetProperty("finish_reasons")[0].GetString().ShouldBe("stop");
        span.TryGetProperty("completion_start_time", out _).ShouldBeTrue();
        export.Health.SpansHeld.ShouldBe(0);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task Two_agent_runs_in_one_request_become_two_traces()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(
            backend, tracing: builder =>
            OpenTelemetry.Trace.TracerProviderBuilderExtensions.AddProcessor(builder.AddSource(web.Name), new Nothing()));

        using (web.StartActivity("GET /"))
        {
            foreach (string name in new[] { "first", "second" })
            {
                using TraceScope trace = Probe.StartTrace(name);
                using SpanScope span = trace.StartSpan(name + "-step");
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        backend.Traces.Count.ShouldBe(2);
        backend.Trace("first").Span("first-step").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        backend.Trace("second").Spans.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_that_are_not_about_AI_are_left_out_and_their_children_move_up_unless_asked_for(bool include)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(
            backend, options => options.IncludeNonAISpans = include, tracing: builder => builder.AddSource(web.Name));

        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
        using (web.StartActivity("POST"))
        using (SpanScope tool = Probe.StartSpan("tool", ProbeSpanKind.Tool))
        {
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(include ? 3 : 2);
        stored.Span("tool").GetProperty("parent_span_id").GetString()
            .ShouldBe(stored.Span(include ? "POST" : "agent").GetProperty("span_id").GetString());
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_filter_leaves_spans_out_and_their_children_move_up()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(
            backend, options => options.SpanFilter = span =>
            span.DisplayName == "broken" ? throw new InvalidOperationException() : span.DisplayName != "secret");

        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
        using (SpanScope secret = agent.StartSpan("secret"))
        using (SpanScope tool = secret.StartSpan("broken"))
        {
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(2);
        stored.Span("broken").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("agent").GetProperty("span_id").GetString());
        export.Health.SpansHeld.ShouldBe(0);
    }

    [Fact]
    public async Task A_filter_is_asked_once_for_a_span_on_one_thread_and_after_the_spans_end()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = request => request.Number == 1 ? Fault.Answer(503) : null });
        ConcurrentQueue<(string Name, int Thread, bool Ended)> asked = new();
        using Exporting export = new(
            backend,
            options => options.SpanFilter = span =>
            {
                asked.Enqueue((span.DisplayName, System.Environment.CurrentManagedThreadId, span.IsStopped));
                return span.DisplayName != "secret";
            },
            new FastTime(20));

        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
        using (SpanScope secret = agent.StartSpan("secret"))
        {
            for (int i = 0; i < 20; i++)
            {
                using SpanScope tool = secret.StartSpan("tool" + i, ProbeSpanKind.Tool);
            }
        }

        export.Flush().ShouldBeTrue();
        asked.Select(one => one.Name).ShouldBeUnique();
        asked.Count.ShouldBe(22);
        asked.Select(one => one.Thread).Distinct().ShouldHaveSingleItem();
        asked.ShouldAllBe(one => one.Ended);
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(21);
        stored.Span("tool7").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("agent").GetProperty("span_id").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_head_of_a_running_trace_is_known_to_be_stored_before_the_one_that_completes_it_is_sent(int spans)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxTraceDuration = TimeSpan.FromSeconds(20), new FastTime(50));
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < spans; i++)
            {
                using SpanScope span = trace.StartSpan("span");
            }

            Exporting.Eventually(() => backend.SpansStored == spans, "the spans go ahead of the end");
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Status.ShouldBe("COMPLETED");

        // Only an answer about spans, or a score, says that the trace is stored.
        backend.Requests.Select(request => (request.Path.EndsWith("/spans", StringComparison.Ordinal), request.Status))
            .ShouldBe([(false, 202), (true, 201), (false, 202)]);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Fact]
    public async Task Usage_of_a_span_that_ends_after_the_span_above_it_counts_once()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent);
            SpanScope late = agent.StartSpan("late", ProbeSpanKind.Llm);
            using (SpanScope call = late.StartSpan("call", ProbeSpanKind.Llm))
                call.SetTokenUsage(100, 10);
            agent.SetTokenUsage(100, 10);
            agent.Dispose();
            late.SetTokenUsage(100, 10);
            late.Dispose();
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Values.Where(span => span.TryGetProperty("token_usage", out _)).Select(span => span.GetProperty("name").GetString())
            .ShouldBe(["call"]);
    }

    [Fact]
    public async Task A_span_that_a_processor_takes_out_of_the_export_is_left_out_and_its_children_move_up()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(
            backend, tracing: builder => OpenTelemetry.Trace.TracerProviderBuilderExtensions.AddProcessor(builder, new Unrecording()));

        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
        using (SpanScope secret = agent.StartSpan("secret"))
        using (SpanScope tool = secret.StartSpan("tool"))
        {
            secret.Activity!.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        using (Probe.StartTrace("unwanted"))
        {
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Spans.Count.ShouldBe(2);
        stored.Span("tool").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("agent").GetProperty("span_id").GetString());
    }

    private sealed class Unrecording : OpenTelemetry.BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.DisplayName == "unwanted")
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    [Fact]
    public async Task An_AI_span_without_a_trace_becomes_one_with_its_last_messages()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);

        using (Probe.Session("s-9"))
        using (SpanScope llm = Probe.StartSpan("chat", ProbeSpanKind.Llm))
        {
            llm.SetInput([ProbeMessage.User("one"), ProbeMessage.Assistant("two"), ProbeMessage.User("three")]);
            llm.SetOutput([ProbeMessage.Assistant("four")]);
            using SpanScope tool = llm.StartSpan("tool", ProbeSpanKind.Tool);
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Trace("chat");
        stored.Spans.Count.ShouldBe(2);
        ((string)stored.Fields["session_id"]!).ShouldBe("s-9");
        stored.Fields["input"]!.ToJsonString().ShouldBe("""{"messages":[{"role":"user","content":"three"}]}""");
        stored.Fields["output"]!.ToJsonString().ShouldBe("""{"messages":[{"role":"assistant","content":"four"}]}""");
        stored.Span("tool").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("chat").GetProperty("span_id").GetString());
    }

    [Fact]
    public async Task A_span_that_ends_after_its_trace_follows_it()
    {
        await using Backend backend = await Backend.StartAsync(new() { StoreDelay = TimeSpan.FromMilliseconds(300) });
        using Exporting export = new(backend);

        TraceScope trace = Probe.StartTrace("trace");
        SpanScope late = trace.StartSpan("late");
        using (SpanScope child = late.StartSpan("child"))
        {
        }

        trace.Dispose();
        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Spans.Count.ShouldBe(1);

        late.Dispose();
        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(2);
        stored.Span("child").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("late").GetProperty("span_id").GetString());
        stored.Posts.ShouldBe(1);
        backend.Requests.Count(request => request.Path.EndsWith("/spans", StringComparison.Ordinal) && request.Status == 201).ShouldBe(1);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1203)]
    [InlineData(5000)]
    public async Task Spans_beyond_500_follow_through_the_spans_endpoint(int count)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(10));

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < count; i++)
            {
                using SpanScope span = trace.StartSpan("span");
            }

            trace.SetOutput("done");
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(count);
        stored.Status.ShouldBe("COMPLETED");
        stored.Fields["output"].ShouldNotBeNull();
        backend.SpansReceived.ShouldBe(count);
        backend.Violations.ShouldBeEmpty();
        export.Health.TracesExported.ShouldBe(1);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_span_whose_trace_began_in_another_process_joins_that_trace()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(backend, time: new FastTime(50), tracing: builder => builder.AddSource(web.Name));
        var traceId = ActivityTraceId.CreateRandom();
        Guid id = new(Convert.FromHexString(traceId.ToHexString()), bigEndian: true);
        ActivityContext caller = new(
            traceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "vendor=1, pandaprobe=0000000000000000-0000000000000000",
            isRemote: true);

        // The other process has not sent its trace yet; this one does not wait for ever.
        using (web.StartActivity("POST /", ActivityKind.Server, caller))
        using (SpanScope agent = Probe.StartSpan("remote-agent", ProbeSpanKind.Agent))
        {
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Traces[id];
        stored.Spans.Count.ShouldBe(1);
        stored.Status.ShouldBe("RUNNING");
        stored.Span("remote-agent").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        backend.Requests.First().Path.ShouldBe($"/traces/{id}/spans");

        using (web.StartActivity("POST /", ActivityKind.Server, caller))
        using (SpanScope agent = Probe.StartSpan("second", ProbeSpanKind.Agent))
        {
        }

        export.Flush().ShouldBeTrue();
        stored.Spans.Count.ShouldBe(2);
        stored.Posts.ShouldBe(1);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vendor=1")]
    [InlineData("pandaprobe=")]
    [InlineData("pandaprobe=0000000000000000")]
    [InlineData("pandaprobe=0000000000000000-000000000000000G")]
    [InlineData("other=pandaprobe=0000000000000000-0000000000000000")]
    public async Task A_call_below_a_request_of_somebody_without_PandaProbe_is_a_trace_of_its_own(string? state)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(web.Name));
        var traceId = ActivityTraceId.CreateRandom();
        for (int i = 0; i < 2; i++)
        {
            using Activity? request = web.StartActivity(
                "POST /", ActivityKind.Server,
                new ActivityContext(traceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, state, isRemote: true));
            using (TraceScope trace = Probe.StartTrace("trace"))
            {
            }

            using SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm);
            call.SetInput([ProbeMessage.User("question")]);
            using SpanScope tool = call.StartSpan("tool", ProbeSpanKind.Tool);
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        backend.Requests.ShouldAllBe(request => request.Status == 202);
        backend.Traces.Count.ShouldBe(4);
        foreach (StoredTrace stored in backend.Traces.Values.Where(stored => stored.Name == "chat"))
        {
            stored.Status.ShouldBe("COMPLETED");
            stored.Fields["input"]!.ToJsonString().ShouldContain("question");
            stored.Span("chat").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
            stored.Span("tool").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("chat").GetProperty("span_id").GetString());
        }

        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_call_in_another_process_hangs_below_the_span_that_called(bool nested, bool outsideTrace)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(web.Name));

        // The first process, and the second and third as they see each other: by a context that came with a request.
        using (nested ? web.StartActivity("GET /", ActivityKind.Server) : null)
        using (TraceScope trace = outsideTrace ? default : Probe.StartTrace("trace"))
        using (SpanScope agent = Probe.StartSpan("agent", ProbeSpanKind.Agent))
        {
            ActivityContext first = Call(web);
            Activity.Current = null;
            using (web.StartActivity("POST /", ActivityKind.Server, first))
            using (SpanScope tool = Probe.StartSpan("tool", ProbeSpanKind.Tool))
            {
                ActivityContext second = Call(web);
                Activity.Current = null;
                using (web.StartActivity("POST /", ActivityKind.Server, second))
                using (SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm))
                {
                }
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Spans.Count.ShouldBe(3);
        stored.Status.ShouldBe("COMPLETED");
        stored.Span("agent").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        stored.Span("tool").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("agent").GetProperty("span_id").GetString());
        stored.Span("chat").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("tool").GetProperty("span_id").GetString());
        export.ShouldAddUp();

        static ActivityContext Call(ActivitySource web)
        {
            using Activity call = web.StartActivity("POST", ActivityKind.Client).ShouldNotBeNull();
            return new(call.TraceId, call.SpanId, call.ActivityTraceFlags, call.TraceStateString, isRemote: true);
        }
    }

    [Fact]
    public async Task A_span_that_was_given_only_the_context_of_its_parent_joins_the_parents_trace()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource other = new("other " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(other.Name));

        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
        {
            Activity? current = Activity.Current;
            Activity.Current = null;
            using (Activity? span = other.StartActivity("detached", ActivityKind.Internal, agent.Activity!.Context))
                span?.SetTag("gen_ai.operation.name", "chat");
            Activity.Current = current;
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Name.ShouldBe("trace");
        stored.Span("detached").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("agent").GetProperty("span_id").GetString());
    }

    [Fact]
    public async Task A_span_that_another_flow_starts_below_the_trace_belongs_to_it()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            Activity.Current = null;
            using SpanScope span = trace.StartSpan("adopted");
            using SpanScope below = span.StartSpan("below");
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Spans.Count.ShouldBe(2);
        stored.Span("adopted").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        stored.Span("below").TryGetProperty("parent_span_id", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Usage_that_only_sums_up_what_is_below_is_not_counted_twice()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
            {
                using (SpanScope wrapper = agent.StartSpan("wrapper", ProbeSpanKind.Llm))
                {
                    using (SpanScope call = wrapper.StartSpan("call", ProbeSpanKind.Llm))
                    {
                        call.SetTokenUsage(100, 10);
                        call.SetCost(0.5m);
                    }

                    wrapper.SetTokenUsage(100, 10);
                    wrapper.SetCost(0.5m);
                }

                agent.SetTokenUsage(100, 10);
            }

            using (SpanScope judge = trace.StartSpan("judge", ProbeSpanKind.Llm))
            {
                using (SpanScope inner = judge.StartSpan("inner", ProbeSpanKind.Llm))
                    inner.SetTokenUsage(1, 2);
                judge.SetTokenUsage(50, 5);
            }

            using (SpanScope alone = trace.StartSpan("alone", ProbeSpanKind.Agent))
                alone.SetTokenUsage(7, 7);
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Span("agent").TryGetProperty("token_usage", out _).ShouldBeFalse();
        stored.Span("agent").GetProperty("metadata").GetProperty("aggregate_prompt_tokens").GetInt32().ShouldBe(100);
        stored.Span("wrapper").TryGetProperty("cost", out _).ShouldBeFalse();
        long total = stored.Spans.Values.Where(span => span.TryGetProperty("token_usage", out _)).Sum(
            span => span.GetProperty("token_usage").GetProperty("prompt_tokens").GetInt64()
            + span.GetProperty("token_usage").GetProperty("completion_tokens").GetInt64());
        total.ShouldBe(110 + 3 + 55 + 14);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_belongs_to_a_trace_that_never_ends_is_sent_as_running_and_completed_later()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxTraceDuration = TimeSpan.FromSeconds(20), new FastTime(50));

        TraceScope trace = Probe.StartTrace("trace");
        for (int i = 0; i < 3; i++)
        {
            using SpanScope span = trace.StartSpan("span");
        }

        Exporting.Eventually(() => backend.SpansStored == 3, "the spans go ahead of the end");
        backend.Trace("trace").Status.ShouldBe("RUNNING");

        using (SpanScope span = trace.StartSpan("last"))
        {
        }

        trace.Dispose();
        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Status.ShouldBe("COMPLETED");
        backend.SpansStored.ShouldBe(4);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Fact]
    public async Task At_shutdown_what_belongs_to_open_traces_goes_too()
    {
        await using Backend backend = await Backend.StartAsync();
        Exporting export = new(backend);
        TraceScope trace = Probe.StartTrace("open");
        using (SpanScope span = trace.StartSpan("span"))
        {
        }

        OpenTelemetry.Trace.TracerProviderExtensions.Shutdown(export.Provider, 120_000).ShouldBeTrue();
        backend.Trace("open").Status.ShouldBe("RUNNING");
        backend.SpansStored.ShouldBe(1);
        export.Dispose();
        trace.Dispose();
        export.Health.TracesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task Spans_beyond_the_bound_are_dropped_and_counted_and_nothing_else()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        using Exporting export = new(backend, options =>
        {
            options.MaxSpanCount = 100;
            options.MaxQueueSize = 10_000;
        });

        for (int i = 0; i < 300; i++)
        {
            using TraceScope trace = Probe.StartTrace("trace");
            using SpanScope span = trace.StartSpan("span");
        }

        Exporting.Eventually(() => export.Health.SpansQueued == 300, "all are accounted for");
        Exporting.Eventually(() => export.Health.SpansHeld <= 100, "the traces' own activities are seen to");
        export.Health.SpansDropped.ShouldBeInRange(200, 260);
        export.Health.DroppedByReason["spans.queue_full"].ShouldBe(export.Health.SpansDropped);
        export.ShouldAddUp();

        // The backend would keep the provider's end waiting.
        export.Exporter.Shutdown(0);
    }

    [Fact]
    public async Task Thousands_of_open_traces_stay_within_the_bound()
    {
        await using Backend backend = await Backend.StartAsync(new() { KeepContent = false });
        using Exporting export = new(backend, options =>
        {
            options.MaxSpanCount = 1000;
            options.MaxQueueSize = 100_000;
        });

        const int Count = 5000;
        List<TraceScope> open = [];
        for (int i = 0; i < Count; i++)
        {
            Activity.Current = null;
            TraceScope trace = Probe.StartTrace("trace");
            open.Add(trace);
            using (SpanScope span = trace.StartSpan("span"))
            {
            }

            if (i % 100 == 0)
                Exporting.Eventually(() => export.Health.SpansHeld < 900, "the oldest go ahead");
        }

        Exporting.Eventually(() => backend.SpansReceived >= Count - 500, "all but half of the bound is sent ahead");
        export.Flush().ShouldBeTrue();
        export.Health.SpansHeld.ShouldBeLessThanOrEqualTo(500);
        export.Health.SpansDropped.ShouldBe(0);
        foreach (TraceScope trace in open)
            trace.Dispose();
        export.Flush().ShouldBeTrue();
        export.Health.TracesDropped.ShouldBe(0);
        export.Health.TracesExported.ShouldBe(Count);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trace_of_a_hundred_thousand_spans_stays_within_the_bound_and_adds_up()
    {
        await using Backend backend = await Backend.StartAsync(new() { KeepContent = false });
        using Exporting export = new(backend);

        const int Count = 100_000;
        long most = 0;
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < Count; i++)
            {
                using (trace.StartSpan("span"))
                {
                }

                if (i % 1000 == 0)
                    most = Math.Max(most, export.Health.SpansHeld);
            }
        }

        export.Flush();
        most.ShouldBeInRange(1, export.Options.MaxSpanCount);
        export.Health.SpansHeld.ShouldBe(0);
        (backend.SpansReceived + export.Health.SpansDropped).ShouldBe(Count);
        backend.Violations.ShouldBeEmpty();
    }

    private sealed class Nothing : OpenTelemetry.BaseProcessor<Activity>;
}
