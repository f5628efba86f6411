using PandaProbe.Local.Commands;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Tests.Concluding;

namespace PandaProbe.Local.Tests.Commands;

public sealed class TreeTextTests
{
    [Fact]
    public void A_trace_looks_as_the_README_shows_it()
    {
        using StringWriter output = new() { NewLine = "\n" };
        TreeText.WriteHeading(output, "conversation-1041", "ada");
        TreeText.Write(output, TestTrace.Support());

        output.ToString().ShouldBe("""
            Session conversation-1041 · user ada
                                                     time  model               tokens       cost
            TRACE support-turn                     208 ms                  2,920 → 42  $0.000651
            └─ AGENT support-agent                 196 ms
               ├─ RETRIEVER search-help-center      68 ms
               ├─ LLM chat                          33 ms  gpt-5.4-mini    1,416 → 24  $0.000306
               ├─ TOOL lookup_order                 47 ms
               │     ✗ System.TimeoutException: The order system did not answer in time.
               ├─ TOOL lookup_order                 13 ms
               └─ LLM chat                          31 ms  gpt-5.4-mini    1,504 → 18  $0.000345

            """);
    }

    [Fact]
    public void Text_of_models_and_tools_cannot_write_over_the_terminal()
    {
        using StringWriter output = new() { NewLine = "\n" };
        StepFacts step = TestTrace.Step(
            "1", null, StepKind.Tool, "evil\u001b[2J\nname", 0, 1) with
        { IsError = true, Error = "a\r\u009bb" };
        TreeText.WriteHeading(output, "s\u001b", "u\a");
        TreeText.Write(output, new TraceFacts("t", "t", [step]));

        output.ToString().ShouldNotContain(letter => char.IsControl(letter) && letter != '\n');
        output.ToString().Count(letter => letter == '\n').ShouldBe(4);
    }

    [Fact]
    public void Estimated_unknown_and_running_are_shown_as_such()
    {
        using StringWriter output = new() { NewLine = "\n" };
        StepFacts call = TestTrace.Call("1", "", 0, 10, 100, 10, 0.02m) with { ParentId = null, CostIsEstimated = true };
        TreeText.Write(output, new TraceFacts("t", "t", [call]));
        TreeText.Write(output, new TraceFacts("t", "t", [call with { Cost = null, End = 0 }]));

        output.ToString().ShouldBe("""
            LLM chat                                10 ms  gpt-5.4-mini      100 → 10  ~$0.020000
            LLM chat                              running  gpt-5.4-mini      100 → 10          –

            """);
    }

    [Fact]
    public void A_chain_of_10_000_spans_is_printed_in_bounds()
    {
        StepFacts[] steps = [.. Enumerable.Range(0, 10_000)
            .Select(i => TestTrace.Step($"{i}", i == 0 ? null : $"{i - 1}", StepKind.Chain, "c", i, 1))];
        using StringWriter output = new();
        TreeText.Write(output, new TraceFacts("t", "t", steps));

        output.ToString().Length.ShouldBeLessThan(10_000 * 250);
        output.ToString().Split("CHAIN c").Length.ShouldBe(10_001);
    }
}
