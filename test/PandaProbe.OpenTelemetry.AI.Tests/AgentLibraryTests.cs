using System.Diagnostics;

namespace PandaProbe.AI;

/// <summary>Activities of the shape that agent libraries write, replayed.</summary>
public sealed class AgentLibraryTests
{
    [Fact]
    public void An_agent_of_Microsoft_Agent_Framework_does_not_count_the_tokens_of_its_calls_again()
    {
        using SpanRecording recording = new();
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

        recording.Spans.Select(span => (string)span.Tag("pandaprobe.span.kind")!).ShouldBe(["LLM", "TOOL", "LLM", "AGENT"]);
        recording.Spans.Sum(span => Convert.ToInt64(span.Tag("gen_ai.usage.input_tokens"))).ShouldBe(250);
        recording.Spans.Sum(span => Convert.ToInt64(span.Tag("gen_ai.usage.output_tokens"))).ShouldBe(30);
        Activity planner = recording.Span("invoke_agent Planner(7)");
        planner.Tag("pandaprobe.metadata.summed_input_tokens").ShouldBe(250);
        recording.Spans[0].Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
        recording.Spans.Take(3).ShouldAllBe(span => span.ParentSpanId == planner.SpanId);
    }

    [Fact]
    public void An_agent_elsewhere_whose_calls_nobody_sees_keeps_its_tokens()
    {
        using SpanRecording recording = new();
        using ActivitySource agents = new("Azure.AI.Agents");
        using (Activity agent = agents.StartActivity("invoke_agent remote", ActivityKind.Client)!)
        {
            agent.AddTag("gen_ai.operation.name", "invoke_agent").AddTag("gen_ai.system", "az.ai.openai")
                .AddTag("gen_ai.usage.input_tokens", 9);
        }

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(9);
        span.Tag("gen_ai.provider.name").ShouldBe("azure.ai.openai");
    }

    [Fact]
    public void A_loop_of_function_calls_does_not_count_the_tokens_of_its_calls_again()
    {
        using SpanRecording recording = new();
        using ActivitySource chats = new("Experimental.Microsoft.Extensions.AI");
        using (Activity loop = chats.StartActivity("orchestrate_tools")!)
        {
            Chat(chats, 100, 10, "[\"stop\"]");
            loop.AddTag("gen_ai.usage.input_tokens", 100).AddTag("gen_ai.usage.output_tokens", 10);
        }

        recording.Span("orchestrate_tools").Tag("pandaprobe.span.kind").ShouldBe("CHAIN");
        recording.Span("orchestrate_tools").HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        recording.Spans.Sum(span => Convert.ToInt64(span.Tag("gen_ai.usage.output_tokens"))).ShouldBe(10);
    }

    [Fact]
    public void A_completion_of_Semantic_Kernel_is_a_model_call()
    {
        using SpanRecording recording = new();
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

        Activity span = recording.Span("chat.completions gpt-4o");
        span.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        span.Tag("gen_ai.provider.name").ShouldBe("openai");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(30L);
        span.Tag("gen_ai.usage.output_tokens").ShouldBe(5L);
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
        recording.Span("execute_tool Weather-Get").Tag("pandaprobe.span.kind").ShouldBe("TOOL");
        recording.Span("invoke_agent Writer").Tag("pandaprobe.span.kind").ShouldBe("AGENT");
    }

    private static void Chat(ActivitySource source, int input, int output, string finishReasons)
    {
        using Activity chat = source.StartActivity("chat gpt-4o", ActivityKind.Client)!;
        chat.AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.request.model", "gpt-4o")
            .AddTag("gen_ai.response.finish_reasons", finishReasons)
            .AddTag("gen_ai.usage.input_tokens", input).AddTag("gen_ai.usage.output_tokens", output);
    }
}
