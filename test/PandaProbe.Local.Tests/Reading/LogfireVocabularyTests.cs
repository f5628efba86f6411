using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class LogfireVocabularyTests
{
    private const string Scope = "pydantic-ai";

    private const string All = """
        [{"role":"system","parts":[{"type":"text","content":"Be brief."}]},
         {"role":"user","parts":[{"type":"text","content":"Roll a die"}]},
         {"role":"assistant","parts":[{"type":"tool_call","id":"t1","name":"roll","arguments":{"sides":6}}]},
         {"role":"user","parts":[{"type":"tool_call_response","id":"t1","name":"roll","result":"4"}]},
         {"role":"assistant","parts":[{"type":"text","content":"You rolled a 4."}]}]
        """;

    [Fact]
    public void A_run_is_an_agent_whose_tokens_are_a_sum()
    {
        ReadSpan read = new TestSpan("invoke_agent dice", Scope)
        {
            { "model_name", "gpt-4o" },
            { "agent_name", "dice" },
            { "gen_ai.agent.name", "dice" },
            { "gen_ai.agent.call.id", "7" },
            { "gen_ai.conversation.id", "c-1" },
            { "gen_ai.operation.name", "invoke_agent" },
            { "logfire.msg", "dice run" },
            { "logfire.span_type", "span" },
            { "logfire.json_schema", """{"type":"object"}""" },
            { "final_result", "You rolled a 4." },
            { "gen_ai.aggregated_usage.input_tokens", 103 },
            { "gen_ai.aggregated_usage.output_tokens", 12 },
            { "pydantic_ai.all_messages", All },
            { "logfire.tags", (string[])["games"] },
        }.Read();

        read.Readers.ShouldBe(["pydantic-ai", "gen_ai"]);
        read.Rest.ShouldBeEmpty();
        (read.Kind, read.Name, read.SessionId, read.UsageIsSum).ShouldBe((StepKind.Agent, "dice", "c-1", true));
        (read.Usage.Input, read.Usage.Output, read.Cost).ShouldBe((103, 12, null));
        read.Input.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        read.Input[3].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, "4", "t1", "roll")]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("You rolled a 4.");
        read.Tags.ShouldBe(["games"]);
    }

    [Fact]
    public void A_call_of_a_model_shows_messages_tools_tokens_and_its_own_cost()
    {
        ReadSpan read = new TestSpan("chat gpt-4o", Scope)
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.system", "openai" },
            { "gen_ai.provider.name", "openai" },
            { "gen_ai.request.model", "gpt-4o" },
            { "gen_ai.response.model", "gpt-4o-2024-08-06" },
            { "model_request_parameters", """{"function_tools":[{"name":"roll","parameters_json_schema":{"type":"object"}}],"allow_text_output":true}""" },
            { "gen_ai.input.messages", All },
            { "gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"thinking","content":"Hm."},{"type":"text","content":"Done."}],"finish_reason":"stop"}]""" },
            { "gen_ai.usage.input_tokens", 60 },
            { "gen_ai.usage.output_tokens", 9 },
            { "gen_ai.usage.details.cache_read_tokens", 32 },
            { "gen_ai.usage.details.reasoning_tokens", 4 },
            { "operation.cost", 0.0002 },
        }.Read();

        read.Kind.ShouldBe(StepKind.Llm);
        read.Rest.ShouldBeEmpty();
        read.Input.Count.ShouldBe(5);
        read.Output.ShouldHaveSingleItem().Parts.Select(part => part.Kind).ShouldBe([ReadPartKind.Reasoning, ReadPartKind.Text]);
        read.ToolDefinitions.ShouldBe("""[{"name":"roll","parameters_json_schema":{"type":"object"}}]""");
        (read.Usage.Input, read.Usage.CacheRead, read.Usage.Reasoning, read.UsageIsSum).ShouldBe((60, 32, 4, false));
        (read.Cost, read.CostSource).ShouldBe((0.0002m, CostSource.Reported));
    }

    [Fact]
    public void Earlier_versions_write_events_as_an_array()
    {
        ReadSpan call = new TestSpan("chat gpt-4o", Scope)
        {
            { "gen_ai.operation.name", "chat" },
            { "events", """
                [{"content":"Be brief.","role":"system","gen_ai.message.index":0,"event.name":"gen_ai.system.message"},
                 {"content":"Roll a die","role":"user","gen_ai.message.index":0,"event.name":"gen_ai.user.message"},
                 {"index":0,"message":{"role":"assistant","tool_calls":[{"id":"t1","type":"function","function":{"name":"roll","arguments":"{}"}}]},"event.name":"gen_ai.choice"}]
                """ },
        }.Read();
        ReadSpan run = new TestSpan("agent run", Scope)
        {
            { "agent_name", "dice" },
            { "all_messages_events", """
                [{"content":"Roll a die","role":"user","gen_ai.message.index":0,"event.name":"gen_ai.user.message"},
                 {"role":"assistant","content":"4","gen_ai.message.index":1,"event.name":"gen_ai.assistant.message"}]
                """ },
            { "gen_ai.usage.input_tokens", 103 },
        }.Read();
        ReadSpan tool = new TestSpan("running tool", Scope)
        {
            { "gen_ai.tool.name", "roll" },
            { "gen_ai.tool.call.id", "t1" },
            { "tool_arguments", """{"sides":6}""" },
            { "tool_response", "4" },
            { "logfire.msg", "running tool: roll" },
        }.Read();

        call.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be brief.", "user: Roll a die"]);
        call.Output.ShouldHaveSingleItem().Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, "{}", "t1", "roll")]);
        (run.Kind, run.Name, run.UsageIsSum).ShouldBe((StepKind.Agent, "dice", true));
        run.Input.ShouldHaveSingleItem().Text.ShouldBe("Roll a die");
        run.Output.ShouldHaveSingleItem().Text.ShouldBe("4");
        (tool.Kind, tool.Name, tool.ToolArguments, tool.ToolResult).ShouldBe((StepKind.Tool, "roll", """{"sides":6}""", "4"));
    }

    [Fact]
    public void Clients_of_Logfire_record_the_bodies_of_request_and_response()
    {
        ReadSpan read = new TestSpan("Chat Completion with {request_data[model]!r}", "logfire.openai")
        {
            { "request_data", """{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-4o-mini","temperature":0.1}""" },
            { "response_data", """{"message":{"content":"Hello","role":"assistant"},"usage":{"completion_tokens":1,"prompt_tokens":2,"total_tokens":3}}""" },
            { "async", false },
            { "logfire.level_num", 9 },
        }.Read();
        ReadSpan streamed = new TestSpan("streaming response", "logfire.openai")
        {
            { "request_data", """{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-4o-mini","stream":true}""" },
            { "response_data", """{"combined_chunk_content":"Hello","chunk_count":2}""" },
        }.Read();
        ReadSpan failed = new TestSpan("x", "logfire") { { "logfire.level_num", 17 } }.Read();

        foreach (ReadSpan call in (ReadSpan[])[read, streamed])
        {
            (call.Kind, call.Model).ShouldBe((StepKind.Llm, "gpt-4o-mini"));
            call.Input.ShouldHaveSingleItem().Text.ShouldBe("Hi");
            call.Output.ShouldHaveSingleItem().Text.ShouldBe("Hello");
        }

        (read.Usage.Input, read.Usage.Output, read.IsError).ShouldBe((2, 1, false));
        failed.IsError.ShouldBeTrue();
    }
}
