using System.Diagnostics;

namespace PandaProbe.AI;

/// <summary>Activities of the shape that agent libraries write, replayed.</summary>
public sealed class AgentLibraryTests
{
    [Fact]
    public void An_agent_of_Microsoft_Agent_Framework_does_not_count_the_tokens_of_its_calls_again()
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource agents = new("Experimental.Microsoft.Agents.AI");
        using ActivitySource chats = new("Experimental.Microsoft.Extensions.AI");

        // The agent's span is born as a chat and renamed.
        using (Activity agent = agents.StartActivity("chat", ActivityKind.Client)!)
        {
            agent.AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.provider.name", "openai");
            agent.DisplayName = "invoke_agent Planner(7)";
            agent.SetTag("gen_ai.operation.name", "invoke_agent").AddTag("gen_ai.agent.name", "Planner").AddTag("gen_ai.agent.id", "7");
            Chat(chats, 100, 10, "[\"tool_calls\"]");
            using (chats.StartActivity(
                "execute_tool weather", ActivityKind.Internal, default(ActivityContext),
                [new("gen_ai.operation.name", "execute_tool"), new("gen_ai.tool.name", "weather")]))
            {
            }

            Chat(chats, 150, 20, "[\"stop\"]");
            agent.AddTag("gen_ai.usage.input_tokens", 250).AddTag("gen_ai.usage.output_tokens", 30);
        }

        capture.Spans.Select(span => (string)span.Attribute("pandaprobe.span.kind")!).ShouldBe(["AGENT", "LLM", "TOOL", "LLM"]);
        capture.Spans.Sum(span => Convert.ToInt64(span.Attribute("gen_ai.usage.input_tokens"))).ShouldBe(250);
        capture.Spans.Sum(span => Convert.ToInt64(span.Attribute("gen_ai.usage.output_tokens"))).ShouldBe(30);
        CapturedSpan planner = capture.Span("invoke_agent Planner(7)");
        planner.Attribute("pandaprobe.metadata.summed_input_tokens").ShouldBe(250);
        capture.Spans[1].Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_calls" });
        capture.Spans.Skip(1).ShouldAllBe(span => span.Parent!.Id == planner.Id);
    }

    [Fact]
    public void An_agent_elsewhere_whose_calls_nobody_sees_keeps_its_tokens()
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource agents = new("Azure.AI.Agents");
        using (Activity agent = agents.StartActivity("invoke_agent remote", ActivityKind.Client)!)
        {
            agent.AddTag("gen_ai.operation.name", "invoke_agent").AddTag("gen_ai.system", "az.ai.openai")
                .AddTag("gen_ai.usage.input_tokens", 9);
        }

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(9);
        span.Attribute("gen_ai.provider.name").ShouldBe("azure.ai.openai");
    }

    [Fact]
    public void A_loop_of_function_calls_does_not_count_the_tokens_of_its_calls_again()
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource chats = new("Experimental.Microsoft.Extensions.AI");
        using (Activity loop = chats.StartActivity("orchestrate_tools")!)
        {
            Chat(chats, 100, 10, "[\"stop\"]");
            loop.AddTag("gen_ai.usage.input_tokens", 100).AddTag("gen_ai.usage.output_tokens", 10);
        }

        capture.Span("orchestrate_tools").Attribute("pandaprobe.span.kind").ShouldBe("CHAIN");
        capture.Span("orchestrate_tools").Attribute("gen_ai.usage.input_tokens").ShouldBeNull();
        capture.Spans.Sum(span => Convert.ToInt64(span.Attribute("gen_ai.usage.output_tokens"))).ShouldBe(10);
    }

    [Fact]
    public void A_completion_of_Semantic_Kernel_is_a_model_call()
    {
        using var capture = ProbeCapture.Start();
        using ActivitySource kernel = new("Microsoft.SemanticKernel.Diagnostics");
        using (Activity agent = kernel.StartActivity("invoke_agent Writer")!)
        {
            agent.AddTag("gen_ai.operation.name", "invoke_agent").AddTag("gen_ai.agent.name", "Writer");
            using (Activity completion = kernel.StartActivity("chat.completions gpt-4o", ActivityKind.Client)!)
            {
                completion.AddTag("gen_ai.operation.name", "chat.completions").AddTag("gen_ai.system", "openai")
                    .AddTag("gen_ai.request.model", "gpt-4o")
                    .AddTag("gen_ai.response.finish_reason", "Stop").AddTag("gen_ai.response.prompt_tokens", 30)
                    .AddTag("gen_ai.response.completion_tokens", 5);
            }

            using (Activity tool = kernel.StartActivity("execute_tool Weather-Get")!)
                tool.AddTag("gen_ai.operation.name", "execute_tool").AddTag("gen_ai.tool.name", "Weather-Get");
        }

        CapturedSpan span = capture.Span("chat.completions gpt-4o");
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Attribute("gen_ai.provider.name").ShouldBe("openai");
        span.Usage.ShouldBe(new(30, 5));
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
        capture.Span("execute_tool Weather-Get").Attribute("pandaprobe.span.kind").ShouldBe("TOOL");
        capture.Span("invoke_agent Writer").Attribute("pandaprobe.span.kind").ShouldBe("AGENT");
    }

    private static void Chat(ActivitySource source, int input, int output, string finishReasons)
    {
        using Activity chat = source.StartActivity("chat gpt-4o", ActivityKind.Client)!;
        chat.AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.request.model", "gpt-4o")
            .AddTag("gen_ai.response.finish_reasons", finishReasons)
            .AddTag("gen_ai.usage.input_tokens", input).AddTag("gen_ai.usage.output_tokens", output);
    }
}
