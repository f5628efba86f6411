using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Concluding;

/// <summary>The trace of the README, and what else tests make of steps.</summary>
internal static class TestTrace
{
    public const long Millisecond = 1_000_000;

    /// <summary>An agent whose tool fails once and is tried again.</summary>
    public static TraceFacts Support() => new("t1", "support-turn",
    [
        Step("1", null, StepKind.Trace, "support-turn", 0, 208),
        Step("2", "1", StepKind.Agent, "support-agent", 2, 196) with { Input = 2920, Output = 42 },
        Step("3", "2", StepKind.Retriever, "search-help-center", 4, 68),
        Call("4", "2", 73, 33, 1416, 24, 0.000306m),
        Step("5", "2", StepKind.Tool, "lookup_order", 107, 47) with { IsError = true,
        Error = "System.TimeoutException: The order system did not answer in time." },
        Step("6", "2", StepKind.Tool, "lookup_order", 155, 13),
        Call("7", "2", 170, 31, 1504, 18, 0.000345m),
    ]);

    public static StepFacts Step(string id, string? parent, StepKind kind, string name, long start, long duration) =>
        new() { Id = id, ParentId = parent, Kind = kind, Name = name, Start = start * Millisecond, End = (start + duration) * Millisecond };

    public static StepFacts Call(string id, string parent, long start, long duration, long input, long output, decimal cost) =>
        Step(id, parent, StepKind.Llm, "chat", start, duration) with
        {
            Model = "gpt-5.4-mini",
            IsCall = true,
            Counts = true,
            Input = input,
            Output = output,
            CacheRead = 1183,
            Cost = cost,
            FirstToken = 10 * Millisecond,
        };
}
