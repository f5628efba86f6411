using PandaProbe.Testing;

namespace AgentTests;

/// <summary>Many questions, and scores instead of a yes or no. The page that it writes is evaluation.html beside the built tests.</summary>
public sealed class SupportEvaluationTests
{
    [Fact]
    public async Task The_agent_is_as_good_as_it_was()
    {
        SupportAgent agent = new(new ScriptedModel());
        Evaluation evaluation = new(
            "support", EvaluationCase.Load("cases.jsonl"), (@case, cancellation) => agent.AnswerAsync(@case.Input, cancellation))
        {
            Evaluators =
            {
                Evaluators.Exact(),
                Evaluators.TokenF1(),
                Evaluators.Trajectory(new() { Match = TrajectoryMatch.InOrder, Arguments = ArgumentsComparer.Subset }),
                Evaluators.MaxCost(0.002m),
                Evaluators.NoLoops(),
                Evaluators.NoLeaks(),
            },
            Repetitions = 2,
            Budget = 0.10m,
        };

        EvaluationReport report = await evaluation.RunAsync();

        // Written once with report.SaveBaseline("support.baseline.json"), and again when other scores are accepted.
        EvaluationGate gate = report.CompareWith(EvaluationBaseline.Load("support.baseline.json"));
        report.SaveHtml("evaluation.html", gate);
        report.SaveJUnit("evaluation.xml", gate);
        report.SaveMarkdown("evaluation.md", gate);
        Assert.True(gate.IsPassed, gate.ToString());
    }
}
