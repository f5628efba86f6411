using System.Runtime.CompilerServices;
using OpenTelemetry.Trace;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

// Alone: a provider of another test would record what this one's sampler leaves out.
[Collection(ProcessWide.Name)]
public sealed class UnrecordedScoreTests
{
    [Fact]
    public async Task Scores_of_a_trace_that_is_not_recorded_are_counted_and_nothing_else()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, tracing: static builder => builder.SetSampler(new AlwaysOffSampler()));
        Guid id = ScoreUnrecorded(out WeakReference trace);
        Probe.Score(id, "by id", 0.5);

        export.Flush().ShouldBeTrue();
        export.Health.ScoresDropped.ShouldBe(3);
        export.Health.ScoresQueued.ShouldBe(3);
        export.Health.DroppedByReason["scores.not_recorded"].ShouldBe(3);
        backend.Requests.ShouldBeEmpty();
        Exporting.Eventually(
            () =>
            {
                GC.Collect();
                return !trace.IsAlive;
            },
            "nothing references the trace");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Guid ScoreUnrecorded(out WeakReference activity)
    {
        using TraceScope trace = Probe.StartTrace("unrecorded");
        activity = new(trace.Activity);
        trace.Score("helpful", 0.5);
        Probe.Score(trace.TraceId, "safe", true);
        return trace.TraceId;
    }
}
