using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Concluding;

public sealed class StepTreeTests
{
    [Fact]
    public void Spans_come_before_their_children_in_the_order_of_their_start()
    {
        StepTree tree = new([Step("c", "a", 3), Step("b", "a", 2), Step("d", "b", 4), Step("a", null, 1), Step("r", "gone", 0)]);
        tree.Ordered.Select(static item => (item.Step.Id, item.Depth)).ShouldBe([("r", 0), ("a", 0), ("b", 1), ("d", 2), ("c", 1)]);
        tree.Children(Step("a", null, 1)).Select(static step => step.Id).ShouldBe(["b", "c"]);
        tree.Parent(Step("d", "b", 4))!.Id.ShouldBe("b");
        tree.Parent(Step("r", "gone", 0)).ShouldBeNull();
    }

    [Fact]
    public void A_cycle_is_cut_at_its_earliest_span_and_a_span_that_came_twice_is_one()
    {
        StepTree tree = new([Step("x", "z", 5), Step("y", "x", 6), Step("z", "y", 7), Step("z", "y", 7), Step("s", "s", 1),
            Step("w", "x", 8)]);
        tree.Ordered.Select(static item => (item.Step.Id, item.Depth)).ShouldBe([("s", 0), ("x", 0), ("y", 1), ("z", 2), ("w", 1)]);
        tree.Roots.Select(static step => step.Id).ShouldBe(["s", "x"]);
    }

    [Fact]
    public async Task A_hundred_thousand_failures_below_one_span_are_concluded_from_in_seconds()
    {
        const int count = 100_000;
        List<StepFacts> steps = [Step("root", null, 0) with { IsError = true, End = count + 1 }];
        for (int i = 1; i <= count; i++)
            steps.Add(Step($"{i}", "root", i) with { IsError = true, Kind = StepKind.Tool, Name = "lookup", Error = "Timeout" });
        Failure failure = await Task.Run(() => Conclusion.Of(new("t", "t", steps), static _ => null).Failure!)
            .WaitAsync(TimeSpan.FromSeconds(20));
        failure.Recovered.ShouldBeFalse();
        failure.Retries.ShouldBe(0, "the last one explains the failure");
    }

    [Fact]
    public void Loops_are_found_by_the_stored_hashes_and_contents_are_read_once_for_each_loop()
    {
        List<StepFacts> steps = [Step("root", null, 0)];
        for (int i = 1; i <= 5000; i++)
        {
            steps.Add(Step($"{i}", "root", i) with
            {
                Kind = StepKind.Tool,
                Name = $"tool {i % 100}",
                Arguments = Arguments.Hash(i % 100 == 7 ? """{"a":1}""" : $$"""{"a":{{i}}}"""),
            });
        }

        List<string> read = [];
        var conclusion = Conclusion.Of(new("t", "t", steps), id =>
        {
            read.Add(id);
            return """{ "a": 1 }""";
        });
        conclusion.Loops.ShouldHaveSingleItem().ShouldBe(new RepeatedCall("tool 7", 50, "7", """{"a":1}"""));
        read.ShouldBe(["7"]);
    }

    [Fact]
    public void Equal_arguments_have_equal_hashes_and_none_have_zero()
    {
        Arguments.Hash("""{"a":1,"b":[2,null]}""").ShouldBe(Arguments.Hash("""{ "b": [2, null], "a": 1 }"""));
        Arguments.Hash("""{"a":1}""").ShouldNotBe(Arguments.Hash("""{"a":2}"""));
        Arguments.Hash(null).ShouldBe(0);
        Arguments.Hash(" ").ShouldBe(0);
    }

    private static StepFacts Step(string id, string? parent, long start) =>
        new() { Id = id, ParentId = parent, Start = start, End = start + 1 };
}
