using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

// The activities are made in methods of their own, so that no local variable of a test references them.
public class MemoryTests
{
    [Fact]
    public async Task What_is_exported_is_not_referenced_any_more()
    {
        int failures = 0;
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Interlocked.Increment(ref failures) <= 3 ? Fault.Answer(503) : null });
        using Exporting export = new(backend, time: new FastTime(100));
        List<WeakReference> ended = [];
        for (int i = 0; i < 20; i++)
        {
            TraceWithSums(ended);
            NestedTraces(ended);
            CallOutsideTrace(ended);
            SpanAfterItsTrace(ended);
            SpanBelowAContext(ended);
        }

        export.Flush().ShouldBeTrue();
        export.Health.SpansHeld.ShouldBe(0);
        ShouldBeCollected(ended);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Fact]
    public async Task Of_an_open_trace_only_what_is_open_is_referenced()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using TraceScope trace = Probe.StartTrace("worker");
        using SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent);
        List<WeakReference> ended = [];
        for (int i = 0; i < 500; i++)
            Step(agent, ended);

        Exporting.Eventually(() => backend.SpansReceived == 1000, "a thousand spans go ahead of the end");
        export.Flush().ShouldBeTrue();
        ShouldBeCollected(ended);
        agent.SetTokenUsage(5000, 500);
        agent.Dispose();
        trace.Dispose();
        export.Flush().ShouldBeTrue();
        backend.Trace("worker").Status.ShouldBe("COMPLETED");
        backend.Trace("worker").Span("agent").GetProperty("metadata").GetProperty("aggregate_prompt_tokens").GetInt32().ShouldBe(5000);
    }

    [Fact]
    public async Task A_trace_that_was_sent_ahead_and_abandoned_is_not_referenced()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxTraceDuration = TimeSpan.FromSeconds(20), new FastTime(50));
        List<WeakReference> abandoned = [];
        for (int i = 0; i < 20; i++)
            Abandon(abandoned);

        Exporting.Eventually(() => backend.SpansStored == 20, "the spans go ahead of the end");
        export.Flush().ShouldBeTrue();
        ShouldBeCollected(abandoned);
    }

    private static void ShouldBeCollected(List<WeakReference> activities)
    {
        activities.ShouldNotBeEmpty();
        Exporting.Eventually(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                return activities.All(static activity => !activity.IsAlive);
            },
            "nothing references what is exported");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TraceWithSums(List<WeakReference> ended)
    {
        using (TraceScope trace = Probe.StartTrace("trace", input: "question", sessionId: "session"))
        {
            ended.Add(new(trace.Activity));
            using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
                Step(agent, ended);
        }

        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NestedTraces(List<WeakReference> ended)
    {
        using (TraceScope outer = Probe.StartTrace("outer"))
        using (TraceScope inner = Probe.StartTrace("inner"))
        using (SpanScope agent = Probe.StartSpan("agent", ProbeSpanKind.Agent))
        {
            ended.Add(new(outer.Activity));
            ended.Add(new(inner.Activity));
            ended.Add(new(agent.Activity));
            Step(agent, ended);
        }

        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CallOutsideTrace(List<WeakReference> ended)
    {
        using (SpanScope agent = Probe.StartSpan("agent", ProbeSpanKind.Agent))
        {
            ended.Add(new(agent.Activity));
            Step(agent, ended);
            agent.SetTokenUsage(10, 1);
        }

        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SpanAfterItsTrace(List<WeakReference> ended)
    {
        TraceScope trace = Probe.StartTrace("trace");
        SpanScope agent = trace.StartSpan("late", ProbeSpanKind.Agent);
        SpanScope call = agent.StartSpan("later", ProbeSpanKind.Llm);
        ended.Add(new(trace.Activity));
        ended.Add(new(agent.Activity));
        ended.Add(new(call.Activity));
        trace.Dispose();
        agent.Dispose();
        call.SetTokenUsage(10, 1);
        call.Dispose();
        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SpanBelowAContext(List<WeakReference> ended)
    {
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            ended.Add(new(trace.Activity));
            Activity.Current = null;
            using Activity? span = trace.Activity!.Source.StartActivity(
                "detached", ActivityKind.Internal, trace.Activity.Context, [new("pandaprobe.span.kind", "TOOL")]);
            ended.Add(new(span));
        }

        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(List<WeakReference> abandoned)
    {
        TraceScope trace = Probe.StartTrace("abandoned");
        using (SpanScope span = trace.StartSpan("span"))
            abandoned.Add(new(span.Activity));
        abandoned.Add(new(trace.Activity));
        Activity.Current = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Step(SpanScope parent, List<WeakReference> ended)
    {
        using SpanScope step = parent.StartSpan("step", ProbeSpanKind.Agent);
        ended.Add(new(step.Activity));
        using (SpanScope call = step.StartSpan("call", ProbeSpanKind.Llm))
        {
            ended.Add(new(call.Activity));
            call.SetInput(new string('x', 1000));
            call.SetTokenUsage(10, 1);
        }

        step.SetTokenUsage(10, 1);
    }
}
