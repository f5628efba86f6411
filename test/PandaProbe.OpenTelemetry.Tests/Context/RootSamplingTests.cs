using System.Diagnostics;

namespace PandaProbe.Tests.Context;

// Alone: a provider of another test would record what this one's leaves out.
[Collection(ProcessWide.Name)]
public sealed class RootSamplingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_span_below_activities_that_no_sampler_saw_is_recorded_however_many_they_are(int depth)
    {
        using SpanRecording recording = new();
        Activity[] unseen = [.. Enumerable.Range(0, depth).Select(level => new Activity($"level {level}").Start())];
        try
        {
            Probe.StartSpan("step").Dispose();
        }
        finally
        {
            foreach (Activity activity in Enumerable.Reverse(unseen))
                activity.Stop();
        }

        recording.Span("step").ParentSpanId.ShouldBe(unseen[^1].SpanId);
    }
}
