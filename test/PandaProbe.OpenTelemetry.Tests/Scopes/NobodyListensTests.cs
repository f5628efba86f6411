using System.Diagnostics;
using OpenTelemetry.Trace;
using PandaProbe.Tests;

namespace PandaProbe.Scopes;

/// <summary>What tracing costs an application that does not trace.</summary>
[Collection(ProcessWide.Name)]
public sealed class NobodyListensTests
{
    [Fact]
    public void Every_call_allocates_nothing()
    {
        Everything();
        Everything();

        Allocated.By(() =>
        {
            for (int i = 0; i < 100; i++)
                Everything();
        }).ShouldBe(0);
    }

    [Fact]
    public void A_span_that_is_sampled_out_records_nothing_and_keeps_the_trace_together()
    {
        using SpanRecording recording = new(tracing: builder => builder.SetSampler(new AlwaysOffSampler()));

        using (TraceScope trace = Probe.StartTrace("trace", sessionId: "s"))
        using (SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm))
        {
            trace.IsRecording.ShouldBeFalse();
            span.SetInput("not kept");
            span.SetTokenUsage(1, 1);
        }

        Activity.Current.ShouldBeNull();
        recording.Spans.ShouldBeEmpty();
    }

    private static void Everything()
    {
        using TraceScope trace = Probe.StartTrace(
            "trace", input: "question", sessionId: "s", userId: "u", metadata: new() { ["pipeline"] = "docs-qa" });
        using SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm, "gpt-5.4");
        span.SetInput([ProbeMessage.System("terse"), ProbeMessage.User("question")]);
        span.SetProvider("openai");
        span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
        span.SetTokenUsage(promptTokens: 150, completionTokens: 80, new() { ["reasoning_tokens"] = 20, ["cache_read_tokens"] = 64 });
        span.SetCost(total: 0.002, new() { ["input"] = 0.001, ["output"] = 0.001 });
        span.SetFinishReason("stop");
        span.SetMetadata("attempt", 1);
        span.SetOutput([ProbeMessage.Assistant("answer")]);
        trace.SetStatus(ProbeTraceStatus.Completed);
        trace.SetOutput("answer");
    }
}
