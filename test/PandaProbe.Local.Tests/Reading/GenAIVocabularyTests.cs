using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class GenAIVocabularyTests
{
    private const string Conversation = """
        [{"role":"user","parts":[{"type":"text","content":"Weather in Paris?"}]},
         {"role":"assistant","parts":[{"type":"tool_call","id":"call_1","name":"get_weather","arguments":{"location":"Paris"}}]},
         {"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"rainy, 57°F"}]}]
        """;

    private const string Answer = """[{"role":"assistant","parts":[{"type":"reasoning","content":"It rains."},{"type":"text","content":"Take an umbrella."}],"finish_reason":"stop"}]""";

    private const string Tools = """[{"type":"function","name":"get_weather","description":"The weather","parameters":{"type":"object"}}]""";

    [Fact]
    public void A_chat_of_todays_conventions_shows_messages_tools_tokens_and_cost()
    {
        ReadSpan read = new TestSpan("chat gpt-5.4-mini")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", "openai" },
            { "gen_ai.request.model", "gpt-5.4-mini" },
            { "gen_ai.response.model", "gpt-5.4-mini-2026-03-05" },
            { "gen_ai.request.temperature", 0.2 },
            { "gen_ai.request.max_tokens", 200 },
            { "gen_ai.response.id", "chatcmpl-1" },
            { "gen_ai.response.finish_reasons", (string[])["stop"] },
            { "gen_ai.response.time_to_first_chunk", 0.25 },
            { "gen_ai.usage.input_tokens", 1416 },
            { "gen_ai.usage.output_tokens", 24 },
            { "gen_ai.usage.cache_read.input_tokens", 1280 },
            { "gen_ai.usage.reasoning.output_tokens", 8 },
            { "gen_ai.system_instructions", """[{"type":"text","content":"Be brief."}]""" },
            { "gen_ai.input.messages", Conversation },
            { "gen_ai.output.messages", Answer },
            { "gen_ai.tool.definitions", Tools },
            { "gen_ai.conversation.id", "conv_1" },
            { "user.id", "ada" },
        }.Read();

        read.Kind.ShouldBe(StepKind.Llm);
        read.Readers.ShouldBe(["gen_ai"]);
        read.Rest.ShouldBeEmpty();
        read.Input.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        read.Input[0].Text.ShouldBe("Be brief.");
        read.Input[2].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"location":"Paris"}""", "call_1", "get_weather")]);
        read.Input[3].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, "rainy, 57°F", "call_1")]);
        read.Output.ShouldHaveSingleItem().Parts.Select(part => part.Kind).ShouldBe([ReadPartKind.Reasoning, ReadPartKind.Text]);
        read.Output[0].FinishReason.ShouldBe("stop");
        read.Output[0].Text.ShouldBe("Take an umbrella.");
        read.ToolDefinitions.ShouldBe(Tools);
        read.Model.ShouldBe("gpt-5.4-mini-2026-03-05");
        read.Provider.ShouldBe("openai");
        read.Parameters.ShouldBe([new ReadField("temperature", "0.2"), new ReadField("max_tokens", "200")]);
        (read.Usage.Input, read.Usage.Output, read.Usage.CacheRead, read.Usage.Reasoning).ShouldBe((1416, 24, 1280, 8));
        read.UsageIsSum.ShouldBeFalse();
        read.CostSource.ShouldBe(CostSource.Estimated);
        read.Cost.ShouldBe(0.000306m);
        read.FinishReasons.ShouldBe(["stop"]);
        read.TimeToFirstChunk.ShouldBe(TimeSpan.FromSeconds(0.25));
        read.SessionId.ShouldBe("conv_1");
        read.UserId.ShouldBe("ada");
        read.InputPreview.ShouldBe("Weather in Paris?");
        read.OutputPreview.ShouldBe("Take an umbrella.");
    }

    [Fact]
    public void Structured_values_read_like_their_JSON_text()
    {
        object input = new object[]
        {
            Map(("role", "user"),
                ("parts", new object[] { Map(("type", "text"), ("content", "Hi")),
                Map(("type", "uri"), ("modality", "image"), ("uri", "https://example.com/cat.png")) })),
        };
        object output = new object[]
        {
            Map(("role", "assistant"), ("finish_reason", "tool_call"),
                ("parts", new object[] { Map(("type", "tool_call"), ("id", "1"), ("name", "look"), ("arguments", Map(("depth", 2L)))) })),
        };

        ReadSpan read = new TestSpan(
            "chat") { { "gen_ai.operation.name", "chat" }, { "gen_ai.input.messages", input },
            { "gen_ai.output.messages", output } }.Read();

        read.Input.ShouldHaveSingleItem().Parts.ShouldBe(
            [new ReadPart(ReadPartKind.Text, "Hi"),
            new ReadPart(ReadPartKind.Media, MimeType: "image/*", Uri: "https://example.com/cat.png")]);
        read.Output.ShouldHaveSingleItem().Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"depth":2}""", "1", "look")]);
        read.Output[0].FinishReason.ShouldBe("tool_call");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_event_with_the_details_of_an_operation_holds_the_content(bool asLog)
    {
        TestSpan span = new("chat gpt-4o") { { "gen_ai.operation.name", "chat" }, { "gen_ai.request.model", "gpt-4o" } };
        (string, object)[] details =
        [
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.system_instructions", new object[] { Map(("type", "text"), ("content", "Be brief.")) }),
            ("gen_ai.input.messages",
            new object[] { Map(("role", "user"), ("parts", new object[] { Map(("type", "text"), ("content", "Hi")) })) }),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]"""),
            ("gen_ai.usage.input_tokens", 12),
        ];
        if (asLog)
            span.Log("gen_ai.client.inference.operation.details", null, details);
        else
            span.Event("gen_ai.client.inference.operation.details", details);

        ReadSpan read = span.Read();

        read.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be brief.", "user: Hi"]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("Hello");
        read.Usage.Input.ShouldBe(12);
    }

    [Fact]
    public void Message_events_of_older_conventions_are_read_from_logs()
    {
        TestSpan span = new("chat gpt-4o-mini") { { "gen_ai.operation.name", "chat" }, { "gen_ai.system", "openai" },
            { "gen_ai.request.model", "gpt-4o-mini" } };
        span.Log("gen_ai.system.message", Map(("content", "Be brief.")))
            .Log("gen_ai.user.message", Map(("content", "Weather?")))
            .Log("gen_ai.assistant.message", Map(("tool_calls", new object[]
            {
                Map(("id", "call_1"), ("type", "function"), ("function", Map(("name", "get_weather"), ("arguments", """{"city":"Paris"}""")))),
            })))
            .Log("gen_ai.tool.message", Map(("id", "call_1"), ("content", "rainy")))
            .Log("", Map(("index", 0), ("finish_reason", "stop"), ("message", Map(("role", "assistant"), ("content", "Umbrella.")))),
            ("event.name", "gen_ai.choice"));

        ReadSpan read = span.Read();

        read.Input.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        read.Input[2].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"city":"Paris"}""", "call_1", "get_weather")]);
        read.Input[3].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, "rainy", "call_1")]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("Umbrella.");
        read.Output[0].FinishReason.ShouldBe("stop");
        read.Provider.ShouldBe("openai");
    }

    [Fact]
    public void Message_events_of_older_conventions_are_read_from_span_events()
    {
        ReadSpan flat = new TestSpan("chat") { { "gen_ai.system", "anthropic" } }
            .Event("gen_ai.user.message", ("content", "Weather?"))
            .Event("gen_ai.choice", ("index", 0), ("finish_reason", "tool_calls"),
                ("message", """{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]}"""))
            .Read();
        ReadSpan azure = new TestSpan("chat gpt-4o") { { "gen_ai.system", "az.ai.inference" }, { "gen_ai.request.model", "gpt-4o" } }
            .Event("gen_ai.user.message", ("gen_ai.event.content", """{"role":"user","content":"Weather?"}"""))
            .Event("gen_ai.choice", ("gen_ai.event.content", """{"index":0,"finish_reason":"stop","message":{"content":"Rain."}}"""))
            .Read();
        ReadSpan semanticKernel = new TestSpan("chat.completions gpt-4") { { "gen_ai.operation.name", "chat.completions" } }
            .Event("gen_ai.content.prompt", ("gen_ai.prompt", """[{"role":"user","content":"Weather?"}]"""))
            .Event("gen_ai.content.completion", ("gen_ai.completion", """[{"role":"Assistant","content":"Rain."}]"""))
            .Read();

        flat.Input.ShouldHaveSingleItem().Text.ShouldBe("Weather?");
        flat.Output.ShouldHaveSingleItem().Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, "{}", "1", "get_weather")]);
        flat.Output[0].FinishReason.ShouldBe("tool_call");
        azure.Provider.ShouldBe("azure.ai.inference");
        foreach (ReadSpan read in (ReadSpan[])[azure, semanticKernel])
        {
            read.Kind.ShouldBe(StepKind.Llm);
            read.Input.ShouldHaveSingleItem().Text.ShouldBe("Weather?");
            read.Output.ShouldHaveSingleItem().Text.ShouldBe("Rain.");
            read.Output[0].Role.ShouldBe("assistant");
        }
    }

    [Fact]
    public void Events_of_Strands_Agents_hold_parts_of_Bedrock()
    {
        ReadSpan read = new TestSpan("chat") { { "gen_ai.operation.name", "chat" }, { "gen_ai.system", "strands-agents" } }
            .Event("gen_ai.user.message", ("content", """[{"text": "Weather?"}]"""))
            .Event("gen_ai.assistant.message", ("content", """[{"reasoningContent": {"reasoningText": {"text": "Hm."}}}, {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Paris"}}}]"""))
            .Event("gen_ai.tool.message", ("content", """[{"toolResult": {"toolUseId": "t1", "status": "success", "content": [{"text": "rain"}]}}]"""))
            .Event("gen_ai.choice", ("finish_reason", "end_turn"), ("message", """[{"text": "It rains."}]"""))
            .Read();

        read.Input.Select(message => message.Role).ShouldBe(["user", "assistant", "tool"]);
        read.Input[0].Text.ShouldBe("Weather?");
        read.Input[1].Parts.ShouldBe(
            [new ReadPart(ReadPartKind.Reasoning, "Hm."), new ReadPart(ReadPartKind.ToolCall, """{"city": "Paris"}""", "t1", "weather")]);
        read.Input[2].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, "rain", "t1")]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("It rains.");
        read.Output[0].FinishReason.ShouldBe("stop");
    }

    [Fact]
    public void Older_names_are_read_and_lists_may_be_JSON_text()
    {
        ReadSpan read = new TestSpan("chat")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.system", "az.ai.openai" },
            { "gen_ai.response.finish_reasons", """["stop"]""" },
            { "gen_ai.usage.prompt_tokens", 10 },
            { "gen_ai.usage.completion_tokens", "5" },
        }.Read();

        read.Provider.ShouldBe("azure.ai.openai");
        read.FinishReasons.ShouldBe(["stop"]);
        (read.Usage.Input, read.Usage.Output).ShouldBe((10, 5));
    }

    [Fact]
    public void A_count_of_input_that_excludes_cached_tokens_gets_them_added()
    {
        ReadSpan read = new TestSpan("chat claude")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", "anthropic" },
            { "gen_ai.usage.input_tokens", 176 },
            { "gen_ai.usage.output_tokens", 80 },
            { "gen_ai.usage.cache_read.input_tokens", 1024 },
            { "gen_ai.usage.cache_write.input_tokens", 100 },
        }.Read();

        (read.Usage.Input, read.Usage.CacheRead, read.Usage.CacheWrite).ShouldBe((1300, 1024, 100));
    }

    [Fact]
    public void Tools_agents_retrievals_and_evaluations_have_their_fields()
    {
        ReadSpan tool = new TestSpan("execute_tool get_weather")
        {
            { "gen_ai.operation.name", "execute_tool" },
            { "gen_ai.tool.name", "get_weather" },
            { "gen_ai.tool.call.id", "call_1" },
            { "gen_ai.tool.call.arguments", Map(("city", "Paris")) },
            { "gen_ai.tool.call.result", "rainy" },
            { "error.type", "timeout" },
        }.Failed("No answer.").Event("exception", ("exception.type", "TimeoutException"), ("exception.message", "No answer in time."))
        .Read();
        ReadSpan agent = new TestSpan("invoke_agent helper(7f)")
        {
            { "gen_ai.operation.name", "invoke_agent" },
            { "gen_ai.agent.name", "helper" },
            { "gen_ai.usage.input_tokens", 100 },
        }.Event("gen_ai.evaluation.result", ("gen_ai.evaluation.name", "relevance"), ("gen_ai.evaluation.score.value", 0.8),
        ("gen_ai.evaluation.score.label", "good")).Read();
        ReadSpan retrieval = new TestSpan("retrieval docs")
        {
            { "gen_ai.operation.name", "retrieval" },
            { "gen_ai.retrieval.query.text", "refunds" },
            { "gen_ai.retrieval.documents", """[{"id":"a","score":0.9,"content":"30 days"}]""" },
        }.Read();

        (tool.Kind, tool.Name, tool.ToolCallId).ShouldBe((StepKind.Tool, "get_weather", "call_1"));
        (tool.ToolArguments, tool.ToolResult).ShouldBe(("""{"city":"Paris"}""", "rainy"));
        (tool.IsError, tool.ErrorType, tool.ErrorMessage).ShouldBe((true, "timeout", "No answer in time."));
        (agent.Kind, agent.Name, agent.Usage.Input, agent.Cost).ShouldBe((StepKind.Agent, "helper", 100, null));
        agent.Scores.ShouldBe([new ReadScore("relevance", 0.8, "good", null)]);
        (retrieval.Kind, retrieval.Query).ShouldBe((StepKind.Retriever, "refunds"));
        retrieval.Documents.ShouldBe([new ReadDocument("a", "30 days", 0.9, null)]);
    }

    private static Dictionary<string, object> Map(params (string Key, object Value)[] items) =>
        items.ToDictionary(item => item.Key, item => item.Value);
}
