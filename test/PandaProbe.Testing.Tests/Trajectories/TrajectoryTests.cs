namespace PandaProbe.Testing.Trajectories;

public sealed class TrajectoryTests
{
    private static readonly TrajectoryStep LookUp = new("lookup_order", """{"order_id":"A-1042"}""");
    private static readonly TrajectoryStep Refund = new("refund", """{"order_id":"A-1042","amount":12.5}""");
    private static readonly TrajectoryStep Mail = new("send_mail", """{"to":"jane"}""");

    [Theory]
    [InlineData(TrajectoryMatch.Strict, "LR", "LR", true)]
    [InlineData(TrajectoryMatch.Strict, "LR", "RL", false)]
    [InlineData(TrajectoryMatch.Strict, "LR", "LRM", false)]
    [InlineData(TrajectoryMatch.Strict, "LR", "L", false)]
    [InlineData(TrajectoryMatch.InOrder, "LR", "LMRM", true)]
    [InlineData(TrajectoryMatch.InOrder, "LR", "RLM", false)]
    [InlineData(TrajectoryMatch.InOrder, "LL", "LML", true)]
    [InlineData(TrajectoryMatch.InOrder, "LL", "LM", false)]
    [InlineData(TrajectoryMatch.Unordered, "LRM", "MLR", true)]
    [InlineData(TrajectoryMatch.Unordered, "LL", "L", false)]
    [InlineData(TrajectoryMatch.Unordered, "LR", "LRM", false)]
    [InlineData(TrajectoryMatch.Subset, "LRM", "ML", true)]
    [InlineData(TrajectoryMatch.Subset, "LR", "LM", false)]
    [InlineData(TrajectoryMatch.Subset, "LR", "", true)]
    [InlineData(TrajectoryMatch.Superset, "LR", "MRL", true)]
    [InlineData(TrajectoryMatch.Superset, "LR", "LM", false)]
    [InlineData(TrajectoryMatch.Strict, "", "", true)]
    public void Each_rule_allows_its_differences_only(TrajectoryMatch match, string expected, string actual, bool isMatch) =>
        Of(actual).CompareWith(Of(expected), new() { Match = match }).IsMatch.ShouldBe(isMatch);

    [Theory]
    [InlineData(TrajectoryMatch.Superset, "LR", "LMM", 1.0 / 3, 1.0 / 2)]
    [InlineData(TrajectoryMatch.Unordered, "LR", "RL", 1, 1)]
    [InlineData(TrajectoryMatch.Strict, "LR", "RL", 0.5, 0.5)]
    [InlineData(TrajectoryMatch.InOrder, "LRM", "RLM", 2.0 / 3, 2.0 / 3)]
    [InlineData(TrajectoryMatch.Strict, "L", "", 1, 0)]
    [InlineData(TrajectoryMatch.Strict, "", "L", 0, 1)]
    [InlineData(TrajectoryMatch.Strict, "", "", 1, 1)]
    public void Precision_is_of_the_made_steps_and_recall_of_the_expected_ones(
        TrajectoryMatch match, string expected, string actual, double precision, double recall)
    {
        TrajectoryComparison comparison = Of(actual).CompareWith(Of(expected), new() { Match = match });

        comparison.Precision.ShouldBe(precision, 1e-9);
        comparison.Recall.ShouldBe(recall, 1e-9);
        double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        comparison.F1.ShouldBe(f1, 1e-9);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1.0, 2e0], "a": 1.00 }""", true, true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", false, true)]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":1,"c":2}}""", false, true)]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", false, false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false, false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", false, false)]
    [InlineData("plain text", "plain text", true, true)]
    [InlineData("plain text", "other text", false, false)]
    [InlineData(null, null, true, true)]
    [InlineData("{}", null, false, false)]
    [InlineData(null, "{\"a\":1}", false, true)]
    [InlineData("\"\\u0041\"", "\"A\"", true, true)]
    public void Arguments_are_compared_as_json(string? expected, string? actual, bool exactly, bool asSubset)
    {
        Compare(ArgumentsComparer.Exact).ShouldBe(exactly);
        Compare(ArgumentsComparer.Subset).ShouldBe(asSubset);
        Compare(ArgumentsComparer.Ignored).ShouldBeTrue();

        bool Compare(ArgumentsComparer comparer) => new Trajectory(new TrajectoryStep("t", actual))
            .CompareWith(new Trajectory(new TrajectoryStep("t", expected)), new() { Arguments = comparer }).IsMatch;
    }

    [Fact]
    public void A_tool_can_have_a_comparer_of_its_own()
    {
        TrajectoryOptions options = new()
        {
            ArgumentsOf =
            {
                ["refund"] = ArgumentsComparer.From(
                    (expected, actual) => actual.GetProperty("amount").GetDecimal() <= expected.GetProperty("amount").GetDecimal()),
                ["lookup_order"] = ArgumentsComparer.Only("order_id"),
            },
        };
        Trajectory made = new(
            new TrajectoryStep("lookup_order", """{"order_id":"A-1042","at":"now"}"""), new TrajectoryStep("refund", """{"amount":10}"""));

        made.CompareWith(new Trajectory(LookUp, Refund), options).IsMatch.ShouldBeTrue();
        made.CompareWith(new Trajectory(LookUp, new("refund", """{"amount":5}""")), options).IsMatch.ShouldBeFalse();
        made.CompareWith(new Trajectory(new("lookup_order", """{"order_id":"B"}"""), Refund), options).IsMatch.ShouldBeFalse();
    }

    [Fact]
    public void In_any_order_a_step_goes_to_the_expected_one_that_has_no_other_choice()
    {
        // The first expected step takes both calls, the second only the first of them.
        Trajectory expected = new(new TrajectoryStep("search", "{}"), new("search", """{"q":"a"}"""));
        Trajectory actual = new(new TrajectoryStep("search", """{"q":"a"}"""), new("search", """{"q":"b"}"""));

        actual.CompareWith(expected, new() { Match = TrajectoryMatch.Unordered, Arguments = ArgumentsComparer.Subset })
            .IsMatch.ShouldBeTrue();
    }

    [Fact]
    public void A_saved_trajectory_is_one_step_per_line_and_reads_back()
    {
        Trajectory trajectory = new(Refund, new("finish"), new("say", "hello \"you\"\n"), new("nothing", "null"));
        string path = Path.Combine(Directory.CreateTempSubdirectory("trajectory-").FullName, "new", "refund.trajectory.jsonl");

        trajectory.Save(path);

        File.ReadAllText(path).ShouldBe(
            """
            {"tool":"refund","arguments":{"amount":12.5,"order_id":"A-1042"}}
            {"tool":"finish"}
            {"tool":"say","arguments":"hello \"you\"\n"}
            {"tool":"nothing","arguments":null}

            """.ReplaceLineEndings("\n"));
        Trajectory.Load(path).Steps.ShouldBe(trajectory.Steps);
    }

    [Theory]
    [InlineData("{\"tool\":\"a\"}\n\n{\"tol\":\"b\"}", "Line 3")]
    [InlineData("lookup_order", "Line 1")]
    [InlineData("{\"tool\":\"\"}", "Line 1")]
    public void A_line_that_is_no_step_is_named(string text, string complaint) =>
        Should.Throw<FormatException>(() => Trajectory.Parse(text)).Message.ShouldContain(complaint);

    [Fact]
    public void A_captured_trace_has_its_tools_in_the_order_of_their_start()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("turn"))
        {
            using (SpanScope tool = Probe.StartSpan("lookup_order", ProbeSpanKind.Tool))
                tool.SetInput(new { order_id = "A-1042" });
            using (Probe.StartSpan("think", ProbeSpanKind.Chain))
            {
                using SpanScope tool = Probe.StartSpan("refund", ProbeSpanKind.Tool);
                tool.SetInput(new { amount = 12.50m, order_id = "A-1042" });
            }

            Probe.StartSpan("done", ProbeSpanKind.Tool).Dispose();
        }

        Trajectory.From(capture.Trace).Steps.ShouldBe([LookUp, Refund, new("done")]);
        capture.Trace.ShouldFollow(new Trajectory(LookUp, Refund), TrajectoryMatch.InOrder);
        Should.Throw<ProbeAssertionException>(() => capture.Trace.ShouldFollow(new Trajectory(LookUp, Mail)));
    }

    private static Trajectory Of(string steps) =>
        new(steps.Select(step => step switch { 'L' => LookUp, 'R' => Refund, _ => Mail }));
}
