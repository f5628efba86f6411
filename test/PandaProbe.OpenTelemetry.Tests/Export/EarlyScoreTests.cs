using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Scores that come before their traces, or whose answer is lost.</summary>
// Alone: where threads wait for their turn, fake time runs ahead of them.
[Collection(ProcessWide.Name)]
public class EarlyScoreTests
{
    [Fact]
    public async Task A_score_that_another_flow_gives_to_an_open_trace_holds_up_neither_the_trace_nor_itself()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(5));
        using (TraceScope trace = Probe.StartTrace("scored while open"))
        {
            await ScoreFromAnotherFlowAsync(trace.TraceId);
            Exporting.Eventually(() => backend.Requests.Any(request => request.Status == 500), "the score is there before its trace");
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
        using SpoolDirectory spool = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = spool.Path, time);
        using (TraceScope trace = Probe.StartTrace("scored while open"))
        {
            await ScoreFromAnotherFlowAsync(trace.TraceId);
            time.Until(() => export.Health.SpoolSize > 0, "the score is on disk");
        }

        time.Until(() => export.Health.TracesSpooled == 1, "so is its trace");
        backend.Fault = null;
        time.Until(() => export.Health.SpoolSize == 0, "the disk is empty");
        backend.Scores.Count.ShouldBe(1);
        backend.Traces.Count.ShouldBe(1);
        export.Health.ScoresDropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_score_whose_answer_was_lost_is_stored_once(bool spools)
    {
        using SpoolDirectory spool = new();
        int left = 2;
        await using Backend backend = await Backend.StartAsync(new() { StoresAtOnce = true });
        backend.Fault = request => request is { IsTrace: false, Method: "POST" } && Interlocked.Decrement(ref left) >= 0
            ? Fault.StoreThenReset : null;
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = spools ? spool.Path : null, time);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.Score("helpful", 0.5, "because", new() { ["judge"] = "gpt" });
            trace.Score("helpful", 0.5, "because", new() { ["judge"] = "human" });
            trace.Score("helpful", 0.5);
        }

        time.Until(() => export.Health.ScoresExported == 3, "all arrive");
        backend.Scores.Count.ShouldBe(3);
        backend.Violations.ShouldBeEmpty();
        export.Health.ScoresDropped.ShouldBe(0);
        backend.Requests.Count(request => request.Method == "GET").ShouldBe(2, "only what may be stored is asked for");
    }

    [Fact]
    public async Task A_score_that_did_not_arrive_is_sent_again_wherever_the_backend_says_nothing_of_it()
    {
        int left = 1;
        await using Backend backend = await Backend.StartAsync();
        backend.Fault = request => request.Method == "GET" ? Fault.Answer(405)
            : !request.IsTrace && Interlocked.Decrement(ref left) >= 0 ? Fault.Answer(503) : null;
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.Score("helpful", 0.5);
        time.Until(() => export.Health.ScoresExported == 1, "it arrives");
        backend.Scores.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_score_for_a_trace_that_never_comes_is_given_up_and_counted()
    {
        await using Backend backend = await Backend.StartAsync();
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        Probe.Score(Guid.NewGuid(), "lost", 1.0);
        time.Until(() => export.Health.ScoresDropped == 1, "it is given up in the end", step: 5);
        time.Now.ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
        export.Health.DroppedByReason["scores.not_found"].ShouldBe(1);
    }

    [Fact]
    public async Task Scores_that_come_before_their_traces_are_ordinary()
    {
        const int Traces = 30;
        FakeTime time = new();

        // The worker is minutes behind, until the test lets it work.
        FakeTime worker = new();
        await using Backend backend = await Backend.StartAsync(new() { StoreDelay = TimeSpan.FromMinutes(4), StoreTime = worker });
        using Exporting export = new(backend, time: time);
        for (int i = 0; i < Traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"scored-{i}");
            trace.Score("helpful", 0.5);
            trace.Score("safe", true);
        }

        time.Until(() => export.Health.TracesExported == Traces, "the gate stays open for traces");
        time.Until(() => backend.Requests.Count(request => request.Status == 500) > 2 * Traces, "the scores are refused at first");
        backend.Scores.ShouldBeEmpty();
        export.Health.IsFailing.ShouldBeFalse();

        worker.Advance(TimeSpan.FromMinutes(5));
        time.Until(() => export.Health.ScoresExported == 2 * Traces, "all arrive when the traces are stored", step: 1);
        backend.Scores.Count.ShouldBe(2 * Traces);
        export.Errors.ShouldBeEmpty("that is nothing to tell of, and no request was lost on a connection that the server had closed");
        export.Health.LastError.ShouldBeNull();
        backend.Requests.Count(request => !request.IsTrace).ShouldBeLessThan(2 * Traces * 30, "the pauses grow");
    }

    [Fact]
    public async Task Fifty_traces_with_two_scores_each_are_there_in_seconds()
    {
        const int Traces = 50;
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { FailsFirst = _ => false });
        using Exporting export = new(backend, time: time);
        for (int i = 0; i < Traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"scored-{i}");
            trace.Score("helpful", 0.5);
            trace.Score("safe", true);
        }

        time.Until(() => export.Health.ScoresExported == 2 * Traces, "all arrive", step: 0.02);
        time.Now.ShouldBeLessThan(TimeSpan.FromSeconds(4));
        export.Health.TracesExported.ShouldBe(Traces);
        export.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Scores_on_disk_that_wait_for_their_traces_hold_up_nobody()
    {
        using SpoolDirectory spool = new();
        FakeTime time = new();
        FakeTime worker = new();
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Fault.Answer(503), StoreDelay = TimeSpan.FromMinutes(4), StoreTime = worker });
        using Exporting export = new(backend, options => options.SpoolDirectory = spool.Path, time);
        for (int i = 0; i < 10; i++)
        {
            using TraceScope trace = Probe.StartTrace($"scored-{i}");
            trace.Score("helpful", 0.5);
        }

        time.Until(() => export.Health.TracesSpooled == 10 && export.Exporter.QueueLength == 0, "all are on disk");
        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 10, "the traces go past the scores", step: 0.5);
        time.Until(() => backend.Requests.Count(request => request.Status == 500) > 10, "each score is refused, and one again");
        backend.Scores.ShouldBeEmpty();
        using (Probe.StartTrace("live"))
        {
        }

        time.Until(() => export.Health.TracesExported == 11, "so does what comes now", step: 0.02);
        export.Health.TracesSpooled.ShouldBe(10, "without a way over the disk");
        worker.Advance(TimeSpan.FromMinutes(5));
        time.Until(() => export.Health.ScoresExported == 10, "the scores follow", step: 1);
        spool.Waiting.ShouldBeEmpty();
        spool.SetAside.ShouldBeEmpty();
    }

    private static Task ScoreFromAnotherFlowAsync(Guid traceId) => Task.Run(() =>
    {
        Activity.Current = null;
        Probe.Score(traceId, "thumbs", true);
    });
}
