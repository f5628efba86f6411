using PandaProbe.Testing;

namespace AgentTests;

/// <summary>What the agent does: its spans, its tools, its cost.</summary>
public sealed class SupportAgentTests
{
    [Fact]
    public async Task A_refund_looks_the_order_up_first()
    {
        CapturedTrace trace = await AskAsync("I want my money back for A-1042.");

        trace.ShouldMatch("""
            TRACE support-turn
              LLM * model:gpt-5.4*
              TOOL lookup_order
              LLM *
              TOOL refund
              LLM *
            """);
        trace.Tools.Before("lookup_order", "refund").Called("refund", """{"order_id":"A-1042","amount":12.5}""");
    }

    [Fact]
    public async Task A_question_stays_within_its_budget_and_leaks_nothing()
    {
        CapturedTrace trace = await AskAsync("Where is my order A-1042?");

        trace.ShouldBeSound()
            .ShouldStayWithin(cost: 0.002m, modelCalls: 2)
            .ShouldNotLoop()
            .ShouldNotContain("4111 1111 1111 1111");
    }

    [Fact]
    public async Task The_whole_trace_is_as_reviewed()
    {
        CapturedTrace trace = await AskAsync("Where is my order A-1042?");

        // Snapshots/SupportAgentTests.The_whole_trace_is_as_reviewed.txt
        trace.ShouldMatchSnapshot();
    }

    [Fact]
    public async Task A_refund_takes_the_steps_of_a_good_run()
    {
        CapturedTrace trace = await AskAsync("I want my money back for A-1042.");

        // Saved once with Trajectory.From(trace).Save("refund.trajectory.jsonl").
        trace.ShouldFollow(Trajectory.Load("refund.trajectory.jsonl"), TrajectoryMatch.InOrder);
    }

    private static async Task<CapturedTrace> AskAsync(string question)
    {
        using var capture = ProbeCapture.Start();
        await new SupportAgent(new ScriptedModel()).AnswerAsync(question);
        return await capture.WaitForTraceAsync();
    }
}
