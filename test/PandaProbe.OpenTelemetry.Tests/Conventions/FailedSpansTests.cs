using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>A failed span has a description, whoever made it.</summary>
public sealed class FailedSpansTests
{
    [Fact]
    public void A_span_of_this_library_does()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("told"))
            span.SetError("no such file");
        using (SpanScope span = Probe.StartSpan("thrown"))
            span.RecordException(new TimeoutException("too slow"));
        using (SpanScope span = Probe.StartSpan("wordless"))
            span.RecordException(new InvalidOperationException(""));
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.SetStatus(ProbeTraceStatus.Error);

        Outcome(recording, "told").ShouldBe((ActivityStatusCode.Error, "no such file", "_OTHER"));
        Outcome(recording, "thrown").ShouldBe((ActivityStatusCode.Error, "too slow", "System.TimeoutException"));
        Outcome(recording, "wordless")
            .ShouldBe((ActivityStatusCode.Error, "System.InvalidOperationException", "System.InvalidOperationException"));
        Outcome(recording, "trace").Description.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("rate_limited", null, "rate_limited")]
    [InlineData("rate_limited", "try later", "try later")]
    [InlineData(null, "try later", "try later")]
    [InlineData(null, null, "error")]
    public void A_span_of_another_library_does(string? type, string? description, string expected)
    {
        using ActivitySource source = new("OpenAI.Failing");
        using SpanRecording recording = new();
        using (Activity? call = source.StartActivity("chat"))
        {
            call!.SetTag("gen_ai.operation.name", "chat").SetTag("error.type", type);
            call.SetStatus(ActivityStatusCode.Error, description);
        }

        Outcome(recording, "chat").ShouldBe((ActivityStatusCode.Error, expected, type));
    }

    [Fact]
    public void A_span_of_another_library_with_an_exception_does()
    {
        using ActivitySource source = new("OpenAI.Failing");
        using SpanRecording recording = new();
        using (Activity? call = source.StartActivity("chat"))
        {
            call!.SetTag("gen_ai.operation.name", "chat").AddException(new TimeoutException("too slow"));
            call.SetStatus(ActivityStatusCode.Error);
        }

        Outcome(recording, "chat").ShouldBe((ActivityStatusCode.Error, "too slow", null));
    }

    private static (ActivityStatusCode Status, string? Description, string? Type) Outcome(SpanRecording recording, string name)
    {
        Activity span = recording.Span(name);
        return (span.Status, span.StatusDescription, span.Tag("error.type") as string);
    }
}
