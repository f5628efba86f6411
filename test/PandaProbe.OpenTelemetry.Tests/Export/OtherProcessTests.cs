using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Spans that only a context connects with their trace, from this process or another one.</summary>
public class OtherProcessTests
{
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
    public async Task A_flush_says_so_while_a_span_waits_for_a_trace_of_which_nothing_has_come()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource other = new("other " + Guid.NewGuid());
        FakeTime time = new();
        using Exporting export = new(backend, time: time, tracing: builder => builder.AddSource(other.Name));
        ActivityContext unknown = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using (Activity? span = other.StartActivity("detached", ActivityKind.Internal, unknown))
            span!.SetTag("gen_ai.operation.name", "chat");

        export.Flush().ShouldBeFalse("a span is held");
        backend.Requests.ShouldBeEmpty();
        TimeSpan until = time.Now + TimeSpan.FromSeconds(30);
        time.Until(() => time.Now > until, "it waits for half a minute");
        export.Flush().ShouldBeTrue();
        backend.Trace("detached").Spans.Count.ShouldBe(1);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_span_that_waits_for_a_trace_of_which_nothing_has_come_goes_at_the_end()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource other = new("other " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(other.Name));
        ActivityContext unknown = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using (Activity? span = other.StartActivity("detached", ActivityKind.Internal, unknown))
            span!.SetTag("gen_ai.operation.name", "chat");

        export.Exporter.Shutdown(60_000).ShouldBeTrue();
        backend.Trace("detached").Spans.Count.ShouldBe(1);
        backend.Trace("detached").Status.ShouldNotBe("RUNNING");
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
}
