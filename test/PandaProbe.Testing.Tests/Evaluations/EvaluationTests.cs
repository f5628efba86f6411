using System.Collections.Concurrent;
using System.Diagnostics;

namespace PandaProbe.Testing.Evaluations;

public sealed class EvaluationTests
{
    // 1,000 prompt tokens of gpt-4o-mini.
    private const decimal CostOfAttempt = 0.00015m;

    [Fact]
    public async Task Results_come_in_the_order_of_the_cases_whatever_ended_first()
    {
        ConcurrentDictionary<string, TaskCompletionSource> gates = new(
            Enumerable.Range(0, 8).ToDictionary(i => $"case {i}", _ => new TaskCompletionSource()));
        ConcurrentQueue<string> ended = new();
        int started = 0;
        Evaluation evaluation = new("order", Cases(8), async (@case, _) =>
        {
            // The last of eight lets the seventh go, which lets the sixth go.
            if (Interlocked.Increment(ref started) == 8)
                gates["case 7"].SetResult();
            await gates[@case.Id].Task;
            ended.Enqueue(@case.Id);
            if (@case.Id != "case 0")
                gates[$"case {int.Parse(@case.Id[5..]) - 1}"].SetResult();
            return @case.Input;
        })
        {
            Evaluators = { Evaluator.From("always", _ => true) },
            Parallelism = 8,
        };

        EvaluationReport report = await evaluation.RunAsync();

        ended.First().ShouldBe("case 7");
        report.Results.Select(result => result.Case.Id).ShouldBe(Enumerable.Range(0, 8).Select(i => $"case {i}"));
    }

    [Fact]
    public async Task An_attempt_has_the_cost_the_duration_and_the_tools_of_its_own_spans()
    {
        ManualTime time = new();
        Evaluation evaluation = new("facts", Cases(3), async (@case, _) =>
        {
            string answer = await SupportAgent.AnswerAsync(@case.Input);
            time.Advance(TimeSpan.FromSeconds(2));
            return answer;
        })
        {
            Parallelism = 1,
            TimeProvider = time,
            Evaluators =
            {
                Evaluators.MaxCost(0.001m), Evaluators.MaxDuration(TimeSpan.FromSeconds(1)), Evaluators.NoLoops(), Evaluators.NoLeaks(),
            },
        };

        EvaluationReport report = await evaluation.RunAsync();

        foreach (EvaluationResult result in report.Results)
        {
            result.Cost.ShouldBe(CostOfAttempt);
            result.Duration.ShouldBe(TimeSpan.FromSeconds(2));
            result.Traces.ShouldHaveSingleItem().ToolCalls.ShouldHaveSingleItem();
            result.Scores.Select(score => (score.Name, score.Value)).ShouldBe(
                [("max-cost", 1.0), ("max-duration", 0.0), ("no-loops", 1.0), ("no-leaks", 1.0)]);
            result.Scores[1].Reason.ShouldBe("took 2 s, more than 1 s");
        }

        report.Cost.ShouldBe(3 * CostOfAttempt);
    }

    [Fact]
    public async Task Parallel_attempts_see_their_own_spans_only_and_are_separate_traces_below_an_open_span()
    {
        using var capture = ProbeCapture.Start();
        using TraceScope around = Probe.StartTrace("the test");
        Evaluation evaluation = new("apart", Cases(100), (@case, _) => SupportAgent.AnswerAsync(@case.Input))
        {
            Parallelism = 16,
            Evaluators = { Evaluator.From("one trace", attempt => attempt.Traces is [{ Spans.Count: 3 }]) },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report["one trace"].Estimate.Mean.ShouldBe(1);
        report.Results.Select(result => result.Traces[0].TraceId).Distinct().Count().ShouldBe(100);
        Activity.Current.ShouldBe(around.Activity);
    }

    [Fact]
    public async Task Scores_are_recorded_on_the_trace_of_the_attempt()
    {
        using var capture = ProbeCapture.Start();
        Evaluation evaluation = new("support", Cases(2), (@case, _) => SupportAgent.AnswerAsync(@case.Input))
        {
            Repetitions = 2,
            Parallelism = 1,
            Evaluators = { Evaluators.Exact(ignoreCase: true), Evaluators.TokenF1() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        capture.Scores.Count.ShouldBe(8);
        foreach (EvaluationResult result in report.Results)
        {
            CapturedScore[] scores = [.. capture.Scores.Where(score => score.TraceId == result.Traces[0].Id)];
            scores.Select(score => (score.Name, score.Value)).ShouldBe([("exact", "1"), ("token-f1", "1")]);
            scores[0].Metadata["evaluation"].ShouldBe("support");
            scores[0].Metadata["case"].ShouldBe(result.Case.Id);
            Convert.ToInt32(scores[0].Metadata["repetition"]).ShouldBe(result.Repetition);
        }
    }

    [Fact]
    public async Task An_exception_in_a_task_costs_its_attempt_and_counts_0()
    {
        Evaluation evaluation = new("failing", Cases(4), async (@case, _) =>
        {
            await SupportAgent.AnswerAsync(@case.Input);
            return @case.Id == "case 1" ? throw new InvalidOperationException("no such order") : @case.Input;
        })
        {
            Evaluators = { Evaluators.Exact() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        EvaluationResult failed = report.Results.Single(result => result.Status == EvaluationStatus.Failed);
        failed.Error.ShouldBe("InvalidOperationException: no such order");
        failed.Cost.ShouldBe(CostOfAttempt, "what was spent before the exception counts");
        failed.Scores.ShouldBeEmpty();
        report["exact"].Estimate.Mean.ShouldBe(0.75);
        report["exact"].Errors.ShouldBe(0);
    }

    [Fact]
    public async Task An_exception_in_an_evaluator_costs_its_score_and_counts_nowhere()
    {
        Evaluator broken = new("broken", (attempt, _) =>
            attempt.Case.Id == "case 1" ? throw new FormatException("oh") : new(new EvaluatorScore(1)));
        Evaluator outOfRange = new("range", (attempt, _) => new(new EvaluatorScore(attempt.Case.Id == "case 2" ? 1.5 : double.NaN)));
        Evaluation evaluation = new("broken evaluators", Cases(4), (@case, _) => Task.FromResult(@case.Input))
        {
            Evaluators = { broken, outOfRange, Evaluators.Exact() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report["broken"].Estimate.Mean.ShouldBe(1);
        report["broken"].Errors.ShouldBe(1);
        report["range"].Errors.ShouldBe(4);
        report["exact"].Estimate.Mean.ShouldBe(1);
        report.Results[1].Scores[0].Error.ShouldBe("FormatException: oh");
        report.Results[2].Scores[1].Error.ShouldBe("The score 1.5 is not in 0…1.");
    }

    [Fact]
    public async Task The_budget_ends_the_evaluation_after_every_case_ran_as_often_as_others()
    {
        Evaluation evaluation = new("budget", Cases(4), (@case, _) => SupportAgent.AnswerAsync(@case.Input))
        {
            Repetitions = 3,
            Parallelism = 1,
            Budget = CostOfAttempt * 6,
            Evaluators = { Evaluators.NoLeaks() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report.IsComplete.ShouldBeFalse();
        report.Cost.ShouldBe(CostOfAttempt * 6);
        report.Results.Select(result => (result.Case.Id, result.Repetition, result.Status != EvaluationStatus.NotRun)).ShouldBe(
        [
            ("case 0", 1, true), ("case 0", 2, true), ("case 0", 3, false), ("case 1", 1, true), ("case 1", 2, true), ("case 1", 3, false),
            ("case 2", 1, true), ("case 2", 2, false), ("case 2", 3, false), ("case 3", 1, true), ("case 3", 2, false),
            ("case 3", 3, false),
        ]);
        report["no-leaks"].Scores.ShouldBe(6);
    }

    [Fact]
    public async Task Leaks_are_found_in_names_errors_and_lists_too_and_the_reason_does_not_repeat_them()
    {
        Evaluation evaluation = new("leaks", Cases(1), (_, _) =>
        {
            using TraceScope trace = Probe.StartTrace("mail ada@example.com", tags: ["eve@example.com"]);
            trace.SetError("no mailbox bob@example.com");
            return Task.FromResult("done");
        })
        { Evaluators = { Evaluators.NoLeaks(wholeTrace: true) } };

        EvaluatorResult score = (await evaluation.RunAsync()).Results[0].Scores[0];

        score.Value.ShouldBe(0);
        score.Reason.ShouldBe(
            "Email at 5 of the name of TRACE span number 1, Email at 11 of the error of TRACE span number 1, "
            + "Email at 5 of gen_ai.workflow.name of TRACE span number 1, Email at 0 of tag.tags of TRACE span number 1");
    }

    [Fact]
    public async Task A_budget_of_parallel_attempts_is_overdrawn_by_those_that_had_begun_only()
    {
        Evaluation evaluation = new("budget", Cases(40), (@case, _) => SupportAgent.AnswerAsync(@case.Input))
        {
            Parallelism = 4,
            Budget = CostOfAttempt * 10,
            Evaluators = { Evaluators.NoLeaks() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report.Cost.ShouldBeInRange(CostOfAttempt * 10, CostOfAttempt * 13);
    }

    [Fact]
    public async Task A_task_that_takes_too_long_has_failed_even_when_it_ignores_its_token()
    {
        ManualTime time = new();
        TaskCompletionSource<string> never = new();
        Evaluation evaluation = new("slow", Cases(2), async (@case, _) =>
        {
            if (@case.Id == "case 1")
                return @case.Input;
            time.Advance(TimeSpan.FromSeconds(31));
            return await never.Task;
        })
        {
            Parallelism = 1,
            TimeLimit = TimeSpan.FromSeconds(30),
            TimeProvider = time,
            Evaluators = { Evaluators.Exact() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report.Results[0].Error.ShouldBe("TimeoutException: The task took longer than 30 s.");
        report.Results[1].IsPassed.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancellation_ends_the_evaluation()
    {
        using CancellationTokenSource source = new();
        int runs = 0;
        Evaluation evaluation = new("cancelled", Cases(50), (@case, cancellation) =>
        {
            if (Interlocked.Increment(ref runs) == 3)
                source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return source.IsCancellationRequested ? throw new InvalidOperationException("cut off") : Task.FromResult(@case.Input);
        })
        {
            Parallelism = 2,
            Evaluators = { Evaluators.Exact() },
        };

        OperationCanceledException exception = await Should.ThrowAsync<OperationCanceledException>(() => evaluation.RunAsync(source.Token));

        exception.CancellationToken.ShouldBe(source.Token);
        runs.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Cases_that_an_evaluator_is_not_for_count_nowhere()
    {
        EvaluationCase[] cases =
        [
            new("with", "a") { Expected = "a" }, new("without", "b"),
            new("trajectory", "c") { Trajectory = new(new TrajectoryStep("lookup_order", """{"order_id":"A-1042"}""")) },
        ];
        Evaluation evaluation = new("some", cases, (@case, _) =>
            @case.Id == "trajectory" ? SupportAgent.AnswerAsync(@case.Input)
            : @case.Id == "without" ? throw new ArithmeticException()
            : Task.FromResult("a"))
        {
            Evaluators = { Evaluators.Exact(), Evaluators.Trajectory() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report["exact"].Cases.ShouldBe(new Dictionary<string, double> { ["with"] = 1 });
        report["trajectory"].Cases.ShouldBe(new Dictionary<string, double> { ["trajectory"] = 1 });
    }

    [Fact]
    public async Task Settings_that_cannot_work_are_refused()
    {
        await Refused(new("none", [], Same) { Evaluators = { Evaluators.Exact() } }, "there is no case");
        await Refused(new("none", Cases(1), Same), "there is no evaluator");
        await Refused(new("twice", [.. Cases(1), .. Cases(1)], Same) { Evaluators = { Evaluators.Exact() } },
            "two cases are called \"case 0\"");
        await Refused(
            new("twice", Cases(1), Same) { Evaluators = { Evaluators.Exact(), Evaluators.Exact(true) } },
            "two evaluators are called \"exact\"");
        await Refused(new("zero", Cases(1), Same) { Evaluators = { Evaluators.Exact() }, Repetitions = 0 }, "Repetitions");

        static Task<string> Same(EvaluationCase @case, CancellationToken cancellation) => Task.FromResult(@case.Input);

        static async Task Refused(Evaluation evaluation, string complaint) =>
            (await Should.ThrowAsync<InvalidOperationException>(() => evaluation.RunAsync())).Message.ShouldContain(complaint);
    }

    private static EvaluationCase[] Cases(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new EvaluationCase($"case {i}", $"question {i}") { Expected = $"question {i}" })];
}
