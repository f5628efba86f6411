using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PandaProbe.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public class ScoreTests
{
    [Fact]
    public async Task Scores_follow_their_trace_and_stand_on_it_as_events()
    {
        await using Backend backend = await Backend.StartAsync();
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
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
        Probe.Score(id, "later", 0.3);
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
    public async Task Scores_of_a_trace_that_a_processor_takes_out_of_the_export_are_counted()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("unwanted"))
        {
            trace.Score("helpful", 0.5);
            trace.Activity!.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        Exporting.Eventually(() => export.Health.ScoresDropped == 1, "it is given up with its trace");
        export.Health.DroppedByReason["scores.not_recorded"].ShouldBe(1);
        export.Flush().ShouldBeTrue();
        backend.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_score_does_not_keep_its_trace_in_memory()
    {
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = request => request.Path.Contains("scores", StringComparison.Ordinal) ? Fault.Answer(503) : null });
        using Exporting export = new(backend, time: new FastTime(20));
        WeakReference trace = ScoreRecorded();
        Exporting.Eventually(() => export.Health.TracesExported == 1, "the trace is exported");
        Exporting.Eventually(
            () =>
            {
                GC.Collect();
                return !trace.IsAlive;
            },
            "nothing references the trace while its score waits");
        backend.Fault = null;
        export.Flush().ShouldBeTrue();
        backend.Scores.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("-0.01")]
    [InlineData("1.01")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("much")]
    public async Task A_number_outside_of_0_to_1_is_refused_with_the_range(string value)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using Events events = new();
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.Score("helpful " + value, value, ProbeScoreType.Numeric);
            if (double.TryParse(value, CultureInfo.InvariantCulture, out double number))
                Probe.Score(trace.TraceId, "helpful " + value, number);
            trace.Activity!.Events.ShouldBeEmpty();
        }

        export.Flush().ShouldBeTrue();
        export.Health.ScoresQueued.ShouldBe(0);
        events.Warnings.ShouldContain(
            text => text.Contains("helpful " + value, StringComparison.Ordinal) && text.Contains("from 0 to 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.Epsilon)]
    public async Task Both_ends_of_the_range_are_in_it(double value)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(50));
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.Score("helpful", value);

        export.Flush().ShouldBeTrue();
        double.Parse(backend.Scores.ShouldHaveSingleItem().GetProperty("value").GetString()!, CultureInfo.InvariantCulture).ShouldBe(value);
    }

    [Fact]
    public async Task Names_and_categories_fit_the_columns_of_the_backend()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(50));
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.Score(new string('n', 300), new string('v', 256), metadata: new() { ["judge"] = "gpt" });

        export.Flush().ShouldBeTrue();
        JsonElement score = backend.Scores.ShouldHaveSingleItem();
        score.GetProperty("name").GetString().ShouldBe(new string('n', 254) + '…');
        score.GetProperty("value").GetString().ShouldBe(new string('v', 254) + '…');
        score.GetProperty("metadata").GetRawText().ShouldBe("""{"judge":"gpt","name_original_length":300,"value_original_length":256}""");
    }

    [Fact]
    public async Task Scores_are_bounded_for_a_trace_and_in_all()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        using Exporting export = new(backend, options => options.MaxQueueSize = 100_000);
        var one = Guid.NewGuid();
        for (int i = 0; i < 1500; i++)
            Probe.Score(one, "helpful", true);
        Exporting.Eventually(() => export.Health.ScoresDropped == 500, "a trace has a thousand scores at most");
        for (int i = 0; i < 15_000; i++)
            Probe.Score(Guid.NewGuid(), "helpful", true);

        Exporting.Eventually(() => export.Health.ScoresDropped == 500 + 6000, "ten thousand wait at most");
        export.Health.DroppedByReason["scores.queue_full"].ShouldBe(6500);

        // The provider would wait five seconds for the backend.
        export.Exporter.Shutdown(timeoutMilliseconds: 100);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ScoreRecorded()
    {
        using TraceScope trace = Probe.StartTrace("recorded");
        trace.Score("helpful", 0.5);
        return new(trace.Activity);
    }
}
