namespace PandaProbe.Testing.Evaluations;

public sealed class GateTests
{
    [Fact]
    public async Task Less_within_chance_is_no_regression()
    {
        EvaluationReport before = await Reports.OfAsync(("exact", Reports.Passed(19, 20)));
        EvaluationReport now = await Reports.OfAsync(("exact", Reports.Passed(18, 20)));

        EvaluationGate gate = now.CompareWith(EvaluationBaseline.From(before));

        gate.IsPassed.ShouldBeTrue();
        gate.ToString().ShouldBe(
            """
            The evaluation "support" passes.

            ok   exact: 0.90 ± 0.20, was 0.95: no regression
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task More_than_chance_is_a_regression_and_the_message_lists_all_checks()
    {
        string baseline = Path.Combine(Directory.CreateTempSubdirectory("baseline-").FullName, "support.baseline.json");
        (await Reports.OfAsync(("exact", Reports.Passed(20, 20)), ("tone", Reports.Passed(0, 20)), ("gone", Reports.Passed(1, 20))))
            .SaveBaseline(baseline);
        EvaluationReport now = await Reports.OfAsync(
            ("exact", Reports.Passed(12, 20)), ("tone", Reports.Passed(12, 20)), ("new", Reports.Passed(20, 20)));

        Should.Throw<ProbeAssertionException>(() => now.ShouldNotRegress(baseline, new() { Minimum = { ["new"] = 0.9, ["tone"] = 0.9 } }))
            .Message.Replace(baseline, "<baseline>").ShouldBe(
                """
                The evaluation "support" does not pass.

                FAIL exact: 0.60 ± 0.21, was 1.00: regression -0.40 (-0.64 to -0.16)
                FAIL tone: 0.60 ± 0.21, was 0.00: better +0.60 (+0.36 to +0.84); below the minimum 0.90
                ok   new: 1.00 ± 0.16, not in the baseline
                FAIL gone: it is in the baseline and did not run

                If the new scores are accepted, write them with report.SaveBaseline("<baseline>"), and commit the file.
                """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_same_cases_are_compared_in_pairs()
    {
        double?[] before = [0.1, 0.3, 0.5, 0.7, 0.9];
        EvaluationReport old = await Reports.OfAsync(("grade", before));
        EvaluationReport now = await Reports.OfAsync(("grade", [.. before.Select(score => score - 0.05 + (score > 0.5 ? 0.01 : 0))]));
        EvaluationReport others = await Reports.OfAsync(100, ("grade", [.. before.Select(score => score - 0.05)]));

        GateCheck paired = now.CompareWith(EvaluationBaseline.From(old)).Checks[0];
        GateCheck unpaired = others.CompareWith(EvaluationBaseline.From(old)).Checks[0];

        paired.Change!.Value.IsPaired.ShouldBeTrue();
        paired.IsPassed.ShouldBeFalse("every case lost the same");
        unpaired.Change!.Value.IsPaired.ShouldBeFalse();
        unpaired.IsPassed.ShouldBeTrue("the cases differ more among each other");
        unpaired.Text.ShouldBe("0.45 ± 0.39, was 0.50, other cases: no regression");
    }

    [Fact]
    public async Task A_drop_can_be_allowed()
    {
        var before = EvaluationBaseline.From(await Reports.OfAsync(("grade", [0.90, 0.91, 0.92, 0.93])));
        EvaluationReport now = await Reports.OfAsync(("grade", [0.89, 0.90, 0.91, 0.92]));

        now.CompareWith(before).IsPassed.ShouldBeFalse();
        now.CompareWith(before, new() { AllowedDrop = 0.02 }).IsPassed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_evaluator_that_mostly_fails_does_not_pass()
    {
        EvaluationReport report = await Reports.OfAsync(("judge", [1, 1, null, 1, 1, 1, 1, 1, 1, 1]));

        report.CompareWith(null).Checks.ShouldHaveSingleItem().ToString()
            .ShouldBe("FAIL judge: 1 of 10 attempts without a score, because the evaluator failed");
        report.CompareWith(null, new() { AllowedErrors = 0.1 }).IsPassed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_evaluation_that_ended_early_does_not_pass_unless_allowed()
    {
        Evaluation evaluation = new(
            "cut", [new("a", "a"), new("b", "b")], (@case, _) => SupportAgent.AnswerAsync(@case.Input))
        {
            Budget = 0.0001m,
            Parallelism = 1,
            Evaluators = { Evaluators.NoLoops() },
        };

        EvaluationReport report = await evaluation.RunAsync();

        report.CompareWith(null).Checks[^1].ToString().ShouldBe("FAIL budget: $0.0001 were spent before 1 attempt of 2 could begin");
        report.CompareWith(null, new() { AllowIncomplete = true }).IsPassed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_baseline_has_one_case_per_line_and_reads_back()
    {
        var baseline = EvaluationBaseline.From(await Reports.OfAsync(("exact", [1, 0]), ("f1 \"é\"", [1.0 / 3, 1])));

        baseline.ToString().ShouldBe(
            """
            {
              "evaluation": "support",
              "evaluators": {
                "exact": {
                  "0": 1,
                  "1": 0
                },
                "f1 \"é\"": {
                  "0": 0.333333,
                  "1": 1
                }
              }
            }

            """.ReplaceLineEndings("\n"));
        EvaluationBaseline.Parse(baseline.ToString()).ToString().ShouldBe(baseline.ToString());
    }

    [Fact]
    public void A_missing_baseline_and_a_broken_one_say_what_to_do()
    {
        Should.Throw<FileNotFoundException>(() => EvaluationBaseline.Load("none.json")).Message.ShouldContain("report.SaveBaseline(path)");
        Should.Throw<FormatException>(() => EvaluationBaseline.Parse("{}")).Message.ShouldContain("is not a baseline");
        Should.Throw<FormatException>(() => EvaluationBaseline.Parse("{\"evaluation\":\"a\",\"evaluators\":{\"b\":{\"c\":\"1\"}}}"));
    }
}
