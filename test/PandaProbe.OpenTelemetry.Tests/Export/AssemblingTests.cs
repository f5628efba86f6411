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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_below_a_request_is_a_trace_of_its_own_whether_other_spans_are_asked_for_or_not(bool include)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource web = new("web " + Guid.NewGuid());
        using Exporting export = new(
            backend, options => options.IncludeNonAISpans = include, tracing: builder => builder.AddSource(web.Name));
        using (web.StartActivity("GET /"))
        using (web.StartActivity("middleware"))
        using (Probe.StartSpan("chat", ProbeSpanKind.Llm))
        using (web.StartActivity("POST"))
        using (Probe.StartSpan("tool", ProbeSpanKind.Tool))
        {
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Name.ShouldBe("chat");
        stored.Spans.Count.ShouldBe(include ? 3 : 2);
        stored.Span("chat").TryGetProperty("parent_span_id", out _).ShouldBeFalse();
        stored.Span("tool").GetProperty("parent_span_id").GetString()
            .ShouldBe(stored.Span(include ? "POST" : "chat").GetProperty("span_id").GetString());
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
        JsonElement sums = stored.Span("wrapper").GetProperty("metadata");
        sums.GetProperty("aggregate_completion_tokens").GetInt32().ShouldBe(10);
        sums.GetProperty("aggregate_cost").GetDouble().ShouldBe(0.5);
        long total = stored.Spans.Values.Where(span => span.TryGetProperty("token_usage", out _)).Sum(
            span => span.GetProperty("token_usage").GetProperty("prompt_tokens").GetInt64()
            + span.GetProperty("token_usage").GetProperty("completion_tokens").GetInt64());
        total.ShouldBe(110 + 3 + 55 + 14);
        backend.Violations.ShouldBeEmpty();
    }

    private sealed class Nothing : OpenTelemetry.BaseProcessor<Activity>;
}
