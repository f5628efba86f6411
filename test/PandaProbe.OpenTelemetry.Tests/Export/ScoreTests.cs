using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Export.Sending;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

// Scores go to every exporter of the process.
[Collection(ProcessWide.Name)]
public class ScoreTests
{
    [Fact]
    public async Task Scores_follow_their_trace_and_stand_on_it_as_events()
    {
        await using Backend backend = await Backend.StartAsync(new() { StoreDelay = TimeSpan.FromMilliseconds(100) });
        using Exporting export = new(backend, time: new FastTime(10));
        Guid id;
        Activity activity;
        using (TraceScope trace = Probe.StartTrace("scored"))
        {
            id = trace.TraceId;
            activity = trace.Activity!;
            trace.Score("helpful", 0.85, "because", new() { ["judge"] = "gpt" });
            trace.Score("safe", true);
            Probe.Score(id, "verdict", "PASS");
            trace.Score("ignored", double.NaN);
            trace.Score("", 1.0);
            Probe.Score(id, "bad", "much", ProbeScoreType.Numeric);
            Probe.Score(id, "good", "0.5", ProbeScoreType.Numeric);
        }

        export.Flush().ShouldBeTrue();
        Probe.Score(id, "later", 3);
        export.Flush().ShouldBeTrue();

        backend.Violations.ShouldBeEmpty();
        backend.Scores.Select(score => score.GetProperty("name").GetString()).ShouldBe(["helpful", "safe", "verdict", "good", "later"]);
        JsonElement helpful = backend.Scores.First();
        helpful.GetProperty("value").GetString().ShouldBe("0.85");
        helpful.GetProperty("data_type").GetString().ShouldBe("NUMERIC");
        helpful.GetProperty("source").GetString().ShouldBe("PROGRAMMATIC");
        helpful.GetProperty("reason").GetString().ShouldBe("because");
        helpful.GetProperty("metadata").GetProperty("judge").GetString().ShouldBe("gpt");
        backend.Scores.ElementAt(1).GetProperty("value").GetString().ShouldBe("true");
        backend.Scores.ElementAt(2).GetProperty("data_type").GetString().ShouldBe("CATEGORICAL");
        backend.Requests.First().Path.ShouldBe("/traces");
        activity.Events.Count(recorded => recorded.Name == "gen_ai.evaluation.result").ShouldBe(4);
        backend.Traces.Count.ShouldBe(1);
        export.Health.ScoresQueued.ShouldBe(5);
        export.Health.ScoresExported.ShouldBe(5);
    }

    [Fact]
    public async Task A_score_that_another_flow_gives_to_an_open_trace_holds_up_neither_the_trace_nor_itself()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("scored while open"))
        {
            await ScoreFromAnotherFlowAsync(trace.TraceId);
            Exporting.Eventually(() => backend.Requests.Any(request => request.Status == 404), "the score is there before its trace");
        }

        export.Flush(60).ShouldBeTrue();
        backend.Traces.Count.ShouldBe(1);
        backend.Scores.Count.ShouldBe(1);
        export.Health.ScoresExported.ShouldBe(1);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_score_that_is_on_disk_before_its_trace_waits_for_it()
    {
        string spool = Path.Combine(Path.GetTempPath(), "pandaprobe-scores-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
            using Exporting export = new(backend, options => options.SpoolDirectory = spool, new FastTime(20));
            using (TraceScope trace = Probe.StartTrace("scored while open"))
            {
                await ScoreFromAnotherFlowAsync(trace.TraceId);
                Exporting.Eventually(() => export.Health.SpoolSize > 0, "the score is on disk");
            }

            Exporting.Eventually(() => export.Health.TracesSpooled == 1, "so is its trace");
            backend.Fault = null;
            Exporting.Eventually(() => export.Health.SpoolSize == 0, "the disk is empty");
            backend.Scores.Count.ShouldBe(1);
            backend.Traces.Count.ShouldBe(1);
            export.Health.ScoresDropped.ShouldBe(0);
        }
        finally
        {
            if (Directory.Exists(spool))
                Directory.Delete(spool, recursive: true);
        }
    }

    [Fact]
    public async Task A_score_for_a_trace_that_never_comes_is_given_up_and_counted()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(400));
        Probe.Score(Guid.NewGuid(), "lost", 1.0);
        Exporting.Eventually(() => export.Health.ScoresDropped == 1, "it is given up in the end");
        export.Health.DroppedByReason["scores.not_found"].ShouldBe(1);
    }

    private static Task ScoreFromAnotherFlowAsync(Guid traceId)
    {
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        return Task.Run(() => Probe.Score(traceId, "thumbs", true));
    }
}
