using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using static PandaProbe.Local.Tests.Concluding.TestTrace;

namespace PandaProbe.Local.Tests.Concluding;

public sealed class ConclusionTests
{
    [Fact]
    public void A_trace_is_one_sentence()
    {
        var conclusion = Conclusion.Of(Support(), _ => null);

        conclusion.Sentence.ShouldBe(
            "failed in lookup_order: TimeoutException after 47 ms, retried, recovered; 2 model calls, 2,920 → 42, $0.0007, 81 % cached");
        conclusion.Outcome.ShouldBe(Outcome.Completed);
        conclusion.Failure.ShouldBe(
            new Failure("5", "lookup_order", "System.TimeoutException: The order system did not answer in time.",
            TimeSpan.FromMilliseconds(47), 1, true));
    }

    [Fact]
    public void A_failure_that_went_up_is_told_where_it_began()
    {
        TraceFacts trace = Support();
        StepFacts[] steps = [.. trace.Steps.Where(step => step.Id is "1" or "2" or "5")
            .Select(step => step with { IsError = true, Error = "System.AggregateException: Outer." })];
        steps[2] = steps[2] with { Error = "System.TimeoutException: Inner." };

        var conclusion = Conclusion.Of(trace with { Steps = steps }, _ => null);

        conclusion.Sentence.ShouldBe("failed in lookup_order: TimeoutException after 47 ms");
        (conclusion.Outcome, conclusion.FailureCount).ShouldBe((Outcome.Failed, 1));
    }

    [Fact]
    public void Retries_that_failed_too_are_counted()
    {
        StepFacts[] steps = [.. Support()
            .Steps.Select(step => step.Id is "1" or "2" or "6" ? step with { IsError = true, Error = "Timeout" } : step)];

        var conclusion = Conclusion.Of(new TraceFacts("t", "t", steps), _ => null);

        conclusion.Sentence.ShouldStartWith("failed in lookup_order: Timeout after 13 ms, 1 other failure;");
        conclusion.Failure!.StepId.ShouldBe("6");
    }

    [Fact]
    public void The_same_tool_with_the_same_arguments_three_times_is_a_loop()
    {
        StepFacts[] steps = [Step("1", null, StepKind.Agent, "agent", 0, 100),
            .. Enumerable.Range(2, 4).Select(i => Step($"{i}", "1", StepKind.Tool, "search", i, 1))];
        Dictionary<string, string> arguments = new() { ["2"] = """{"a":1,"b":2}""", ["3"] = """{ "b": 2, "a": 1 }""", ["4"] = """{"a":1,"b":3}""", ["5"] = """{"b":2,"a":1}""" };

        var conclusion = Conclusion.Of(new TraceFacts("t", "t", steps), id => arguments[id]);

        conclusion.Loops.ShouldBe([new RepeatedCall("search", 3, "2", """{"a":1,"b":2}""")]);
        conclusion.Sentence.ShouldBe("completed in 100 ms; called search 3 times with the same arguments");
        Conclusion.Of(new TraceFacts("t", "t", [.. steps.Take(4)]), id => arguments[id]).Loops.ShouldBeEmpty();
    }

    [Fact]
    public void A_running_trace_says_for_how_long()
    {
        StepFacts running = Step("1", null, StepKind.Agent, "agent", 0, 0) with { End = 0 };

        Conclusion.Of(new TraceFacts("t", "t", [running]), _ => null, 3_000 * Millisecond).Sentence.ShouldBe("running for 3.0 s");
    }

    [Fact]
    public void Costs_that_were_estimated_or_are_unknown_are_told_apart()
    {
        StepFacts call = Call("1", "", 0, 10, 100, 10, 0) with { ParentId = null, CacheRead = null };

        Conclusion.Of(new TraceFacts("t", "t", [call with { Cost = 0.02m, CostIsEstimated = true }]), _ => null).Sentence
            .ShouldBe("completed in 10 ms; 1 model call, 100 → 10, $0.0200 estimated");
        Conclusion.Of(new TraceFacts("t", "t", [call with { Cost = null }]), _ => null)
            .Sentence.ShouldBe("completed in 10 ms; 1 model call, 100 → 10, no price known");
        Conclusion.Of(new TraceFacts("t", "t", [call with { Cost = 2 }, call with { Id = "2", Cost = null }]), _ => null).Sentence
            .ShouldBe("completed in 10 ms; 2 model calls, 200 → 20, $2.00, 1 call without a price");
    }

    [Fact]
    public void Cycles_missing_parents_and_no_steps_at_all_are_concluded_from()
    {
        StepFacts[] cycle = [Step("1", "2", StepKind.Agent, "a", 0, 5), Step("2", "1", StepKind.Tool, "b", 1, 2) with { IsError = true },
            Step("3", "3", StepKind.Tool, "c", 1, 2), Step("4", "gone", StepKind.Tool, "d", 2, 2)];

        new StepTree(cycle).Ordered.Select(item => item.Step.Id).ShouldBe(["3", "4", "1", "2"]);
        Conclusion.Of(new TraceFacts("t", "t", cycle), _ => null).Failure!.In.ShouldBe("b");
        Conclusion.Of(new TraceFacts("t", "t", []), _ => null).Sentence.ShouldBe("completed in 0 ms");
    }

    [Fact]
    public void A_chain_of_100_000_spans_is_concluded_from()
    {
        StepFacts[] steps = [.. Enumerable.Range(0, 100_000)
            .Select(i => Step($"{i}", i == 0 ? null : $"{i - 1}", StepKind.Chain, "c", i, 1))];

        new StepTree(steps).Ordered[^1].ShouldBe((steps[^1], 99_999));
        Conclusion.Of(new TraceFacts("t", "t", steps), _ => null).Outcome.ShouldBe(Outcome.Completed);
    }

    [Fact]
    public void A_session_is_one_sentence()
    {
        var support = Conclusion.Of(Support(), _ => null);
        var failed = Conclusion.Of(Support() with { IsFailed = true }, _ => null);
        var good = Conclusion.Of(new TraceFacts("t", "t", [Call("1", "", 0, 48, 1596, 22, 0.000432m) with { ParentId = null }]), _ => null);

        SessionConclusion.Of([support, good]).Sentence
            .ShouldBe("2 turns, 1 recovered (in lookup_order: TimeoutException); 3 model calls, 4,516 → 64, $0.0011, 79 % cached");
        SessionConclusion.Of([failed, good]).Sentence
            .ShouldBe(
            "2 turns, 1 failed (in lookup_order: TimeoutException), the last one completed; 3 model calls, 4,516 → 64, $0.0011, 79 % cached");
        SessionConclusion.Of([]).Sentence.ShouldBe("0 turns");
    }
}
