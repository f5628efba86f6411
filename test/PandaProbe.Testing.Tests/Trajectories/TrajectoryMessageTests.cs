namespace PandaProbe.Testing.Trajectories;

/// <summary>What a reader of a failed test sees.</summary>
public sealed class TrajectoryMessageTests
{
    private static readonly Trajectory Expected = new(
        new TrajectoryStep("lookup_order", """{"order_id":"A-1042"}"""),
        new TrajectoryStep("refund", """{"order_id":"A-1042","amount":12.5}"""),
        new TrajectoryStep("notify"));

    [Fact]
    public void Both_sides_are_aligned_and_what_differs_is_marked() =>
        Message(
            new Trajectory(
                new TrajectoryStep("search_help", """{"query":"refund"}"""),
                new TrajectoryStep("lookup_order", """{"order_id":"A-1042"}"""),
                new TrajectoryStep("refund", """{"order_id":"A-1042","amount":21.5}""")),
            new()).ShouldBe(
            """
            The trajectory should have the expected steps in the expected order and no other, but differs.
            1 of 3 expected steps made: recall 0.33. 1 of 3 made steps expected: precision 0.33.

              expected                                    actual
            +                                             search_help {"query":"refund"}
              lookup_order {"order_id":"A-1042"}          lookup_order {"order_id":"A-1042"}
            ~ refund {"amount":12.5,"order_id":"A-1042"}  refund {"amount":21.5,"order_id":"A-1042"}
                $.amount should be 12.5 and is 21.5
            - notify

            ~ other arguments than expected, - expected and not made, + made and not expected
            """.ReplaceLineEndings("\n"));

    [Fact]
    public void What_the_rule_allows_is_not_marked() =>
        Message(
            new Trajectory(
                new TrajectoryStep("search_help"), new("notify"), new("refund", """{"amount":12.5}"""),
                new("lookup_order", """{"order_id":"A-1042"}""")),
            new() { Match = TrajectoryMatch.Superset }).ShouldBe(
            """
            The trajectory should have all expected steps in any order, but differs.
            2 of 3 expected steps made: recall 0.67. 2 of 4 made steps expected: precision 0.50.

              expected                                    actual
              lookup_order {"order_id":"A-1042"}          lookup_order {"order_id":"A-1042"}
            ~ refund {"amount":12.5,"order_id":"A-1042"}  refund {"amount":12.5}
                $.order_id should be "A-1042" and is missing
              notify                                      notify
                                                          search_help

            ~ other arguments than expected
            """.ReplaceLineEndings("\n"));

    [Fact]
    public void A_run_without_tools_says_so() =>
        Message(new Trajectory(), new() { Match = TrajectoryMatch.InOrder }).ShouldBe(
            """
            The trajectory should have the expected steps in the expected order, but differs.
            0 of 3 expected steps made: recall 0.00. 0 of 0 made steps expected: precision 1.00.

              expected                                    actual
            - lookup_order {"order_id":"A-1042"}
            - refund {"amount":12.5,"order_id":"A-1042"}
            - notify

            - expected and not made
            """.ReplaceLineEndings("\n"));

    [Fact]
    public void Long_and_hostile_arguments_stay_on_their_line()
    {
        string message = Message(
            new Trajectory(new TrajectoryStep("lookup_order", "{\"order_id\":\"\u202Eevil\\nline\\u0007" + new string('x', 500) + "\"}")),
            new());

        message.Split('\n').ShouldAllBe(line => line.Length < 180);
        message.ShouldNotContain('\u202E');
        message.ShouldNotContain('\u0007');
        message.ShouldContain("evil\\nline\\u0007xxx");
    }

    private static string Message(Trajectory actual, TrajectoryOptions options) =>
        Should.Throw<ProbeAssertionException>(() => actual.ShouldFollow(Expected, options)).Message;
}
