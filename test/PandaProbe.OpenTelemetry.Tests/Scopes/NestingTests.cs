using System.Diagnostics;

namespace PandaProbe.Scopes;

/// <summary>Who is whose parent, in whatever order and on whatever thread scopes close.</summary>
public sealed class NestingTests
{
    [Fact]
    public void Spans_nest_below_whatever_is_open()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
            using (trace.StartSpan("inside agent"))
            using (Probe.StartSpan("inside that"))
            {
            }

            using (trace.StartSpan("beside agent"))
            {
            }
        }

        Parent("agent").ShouldBe("trace");
        Parent("inside agent").ShouldBe("agent");
        Parent("inside that").ShouldBe("inside agent");
        Parent("beside agent").ShouldBe("trace");

        string? Parent(string name) =>
            recording.Spans.SingleOrDefault(span => span.SpanId == recording.Span(name).ParentSpanId)?.DisplayName;
    }

    [Fact]
    public void Closing_in_the_wrong_order_leaves_the_right_activity_current()
    {
        using SpanRecording recording = new();

        TraceScope trace = Probe.StartTrace("trace");
        SpanScope outer = trace.StartSpan("outer");
        SpanScope inner = outer.StartSpan("inner");

        outer.Dispose();
        Activity.Current.ShouldBe(inner.Activity);
        inner.Dispose();
        Activity.Current.ShouldBe(trace.Activity);
        using (Probe.StartSpan("next"))
        {
        }

        trace.Dispose();
        Activity.Current.ShouldBeNull();
        recording.Span("next").ParentSpanId.ShouldBe(recording.Span("trace").SpanId);
    }

    [Fact]
    public void Closing_on_another_thread_changes_nothing_there_and_corrupts_nothing_here()
    {
        using SpanRecording recording = new();

        TraceScope trace = Probe.StartTrace("trace");
        SpanScope span = trace.StartSpan("span");
        Activity? seenThere = trace.Activity;
        Thread thread = new(() =>
        {
            span.Dispose();
            seenThere = Activity.Current;
        });
        thread.UnsafeStart();
        thread.Join();

        seenThere.ShouldBeNull();
        using (Probe.StartSpan("next"))
        {
        }

        trace.Dispose();
        recording.Span("next").ParentSpanId.ShouldBe(recording.Span("trace").SpanId);
        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void Closing_twice_ends_once_and_using_it_afterwards_does_nothing()
    {
        using SpanRecording recording = new();

        SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm);
        span.Dispose();
        TimeSpan duration = recording.Span("span").Duration;
        span.SetInput("late");
        span.SetError("late");
        span.SetTokenUsage(1, 1);
        span.SetMetadata("late", true);
        span.Dispose();

        Activity activity = recording.Span("span");
        activity.Duration.ShouldBe(duration);
        activity.Status.ShouldBe(ActivityStatusCode.Unset);
        activity.HasTag("gen_ai.input.messages").ShouldBeFalse();
        activity.HasTag("pandaprobe.metadata.late").ShouldBeFalse();
        span.IsRecording.ShouldBeFalse();
    }

    [Fact]
    public void The_current_trace_and_span_are_found_below_foreign_activities_and_are_not_closed_by_looking()
    {
        using SpanRecording recording = new();

        using TraceScope trace = Probe.StartTrace("trace");
        using SpanScope span = trace.StartSpan("llm", ProbeSpanKind.Llm);
        using (new Activity("HTTP").Start())
        {
            using SpanScope current = Probe.CurrentSpan;
            current.ShouldBe(span);
            current.SetOutput("answer");
            using TraceScope currentTrace = Probe.CurrentTrace;
            currentTrace.ShouldBe(trace);
        }

        recording.Spans.ShouldBeEmpty();
        span.IsRecording.ShouldBeTrue();
        span.Activity!.Text("gen_ai.output.messages").ShouldNotBeNull().ShouldContain("answer");
    }

    [Fact]
    public void There_is_no_current_trace_or_span_outside_of_one()
    {
        using SpanRecording recording = new();

        Probe.CurrentTrace.ShouldBe(default);
        Probe.CurrentSpan.ShouldBe(default);
        Probe.CurrentSpan.SetOutput("nowhere");
        Probe.CurrentSpan.SpanId.ShouldBe(Guid.Empty);
    }

    [Fact]
    public void Default_scopes_do_nothing()
    {
        TraceScope trace = default;
        SpanScope span = default;

        trace.SetInput([ProbeMessage.User("x")]);
        trace.SetTags(["x"]);
        trace.Dispose();
        span.SetCost(1m);
        span.SetInput(new { a = 1 });
        span.Dispose();

        trace.IsRecording.ShouldBeFalse();
        trace.TraceId.ShouldBe(Guid.Empty);
        span.Activity.ShouldBeNull();
    }
}
