using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using static PandaProbe.Local.Tests.Concluding.TestTrace;

namespace PandaProbe.Local.Tests.Concluding;

public sealed class ComparisonTests
{
    [Fact]
    public void Two_traces_are_put_side_by_side_and_causes_come_first()
    {
        TraceFacts before = Support();
        TraceFacts after = new("t2", "support-turn",
            [.. before.Steps.Where(step => step.Id != "5")
            .Select(step => step.Id == "7"
            ? step with { Id = "17", Input = 2504, Cost = 0.001345m, End = step.End + 100 * Millisecond } : step)]);
        Dictionary<string, ReadSpan> first = new()
        {
            ["4"] = Chat("gpt-5.4-mini", "0.2", "Be brief.", "Hi"),
            ["7"] = Chat("gpt-5.4-mini", "0.2", "Be brief.", "Hi")
        };
        Dictionary<string, ReadSpan> second = new()
        {
            ["4"] = Chat("gpt-5.4-mini", "0.2", "Be brief.", "Hi"),
            ["17"] = Chat("gpt-5.4", "0.9", "Be kind.", "Hi there")
        };

        var comparison = Comparison.Of((before, id => first.GetValueOrDefault(id)), (after, id => second.GetValueOrDefault(id)));

        comparison.Steps.Select(step => (step.Before?.Id, step.After?.Id, step.Depth)).ShouldBe(
            [("1", "1", 0), ("2", "2", 1), ("3", "3", 2), ("4", "4", 2), ("5", null, 2), ("6", "6", 2), ("7", "17", 2)]);
        comparison.Changes.Select(change => (change.What, change.Before, change.After)).ShouldBe(
        [
            ("model", "gpt-5.4-mini", "gpt-5.4"),
            ("parameter temperature", "0.2", "0.9"),
            ("system prompt", "Be brief.", "Be kind."),
            ("output", "assistant: Hi", "assistant: Hi there"),
        ]);
        comparison.Steps[^1].DurationDelta.ShouldBe(TimeSpan.FromMilliseconds(100));
        comparison.FirstTokenDelta.ShouldBe(TimeSpan.Zero);
        comparison.Sentence.ShouldBe(
            "model gpt-5.4-mini → gpt-5.4; changed parameter temperature, system prompt; +93 ms time; +1,000 tokens; +$0.0010; 0 ms to the first token; 1 step less");
    }

    [Fact]
    public void Words_that_changed_are_shown_between_those_that_did_not()
    {
        WordDiff.Of("The quick brown fox jumps.", "The slow brown fox runs.").ShouldBe(
        [
            new TextChange(Change.Same, "The "),
            new TextChange(Change.Removed, "quick "),
            new TextChange(Change.Added, "slow "),
            new TextChange(Change.Same, "brown fox "),
            new TextChange(Change.Removed, "jumps."),
            new TextChange(Change.Added, "runs."),
        ]);
        WordDiff.Of("", "new").ShouldBe([new TextChange(Change.Added, "new")]);
        WordDiff.Of("same\n text", "same\n text").ShouldBe([new TextChange(Change.Same, "same\n text")]);
    }

    [Fact]
    public void Both_texts_can_be_made_of_their_differences()
    {
        Random random = new(7);
        for (int i = 0; i < 200; i++)
        {
            string before = Text();
            string after = Text();
            List<TextChange> changes = WordDiff.Of(before, after);

            string.Concat(changes.Where(change => change.Change != Change.Added).Select(change => change.Text)).ShouldBe(before);
            string.Concat(changes.Where(change => change.Change != Change.Removed).Select(change => change.Text)).ShouldBe(after);
        }

        string Text() => string.Concat(
            Enumerable.Range(0, random.Next(30))
            .Select(_ => (string[])["a", "b", " ", "\n", "c "] is var words ? words[random.Next(words.Length)] : ""));
    }

    [Fact]
    public void Long_texts_are_compared_within_bounds()
    {
        string before = string.Join(' ', Enumerable.Range(0, 20_000));
        string after = string.Join(' ', Enumerable.Range(0, 20_000).Reverse());

        WordDiff.Of(before, after).Count.ShouldBe(2);
    }

    [Fact]
    public void JSON_is_compared_by_its_meaning()
    {
        JsonDiff.Of("""{"a":1,"b":{"c":[1,2]},"d":"x"}""", """{ "b": {"c":[1,3,4]}, "a": 1, "e": null }""").ShouldBe(
        [
            new JsonChange("b.c[1]", "2", "3"),
            new JsonChange("b.c[2]", null, "4"),
            new JsonChange("d", "\"x\"", null),
            new JsonChange("e", null, "null"),
        ]);
        JsonDiff.Of("""{"a":"x"}""", """{"a":"\u0078"}""").ShouldBeEmpty();
        JsonDiff.Of("text", "other").ShouldBe([new JsonChange("", "text", "other")]);
        JsonDiff.Of(null, null).ShouldBeEmpty();
    }

    private static ReadSpan Chat(string model, string temperature, string system, string answer)
    {
        ReadSpan span = new()
        {
            ResponseModel = model,
            Input = [ReadMessage.Of("system", system), ReadMessage.Of("user", "Hello")],
            Output = [ReadMessage.Of("assistant", answer)],
        };
        span.Parameters.Add(new ReadField("temperature", temperature));
        return span;
    }
}
