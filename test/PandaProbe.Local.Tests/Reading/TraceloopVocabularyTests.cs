using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class TraceloopVocabularyTests
{
    [Fact]
    public void A_call_with_numbered_messages_shows_messages_tools_and_tokens()
    {
        ReadSpan read = new TestSpan("openai.chat", "opentelemetry.instrumentation.openai.v1")
        {
            { "llm.request.type", "chat" },
            { "gen_ai.system", "OpenAI" },
            { "gen_ai.request.model", "gpt-4o" },
            { "gen_ai.response.model", "gpt-4o-2024-08-06" },
            { "gen_ai.prompt.0.role", "user" },
            { "gen_ai.prompt.0.content", """[{"type":"text","text":"What's the weather in Boston and here?"},{"type":"image_url","image_url":{"url":"https://example.com/here.png"}}]""" },
            { "gen_ai.prompt.1.role", "assistant" },
            { "gen_ai.prompt.1.tool_calls.0.id", "call_1" },
            { "gen_ai.prompt.1.tool_calls.0.name", "get_weather" },
            { "gen_ai.prompt.1.tool_calls.0.arguments", """{"location":"Boston"}""" },
            { "gen_ai.prompt.2.role", "tool" },
            { "gen_ai.prompt.2.content", "Sunny, 65 degrees" },
            { "gen_ai.prompt.2.tool_call_id", "call_1" },
            { "gen_ai.completion.0.role", "assistant" },
            { "gen_ai.completion.0.finish_reason", "tool_calls" },
            { "gen_ai.completion.0.tool_calls.0.id", "call_2" },
            { "gen_ai.completion.0.tool_calls.0.name", "get_time" },
            { "gen_ai.completion.0.tool_calls.0.arguments", """{"location":"Boston"}""" },
            { "llm.request.functions.0.name", "get_weather" },
            { "llm.request.functions.0.description", "The weather" },
            { "llm.request.functions.0.parameters", """{"type":"object"}""" },
            { "gen_ai.usage.prompt_tokens", 173 },
            { "gen_ai.usage.completion_tokens", 17 },
            { "llm.usage.total_tokens", 190 },
            { "gen_ai.usage.cache_read_input_tokens", 128 },
            { "llm.is_streaming", false },
            { "traceloop.workflow.name", "weather" },
            { "traceloop.association.properties.session_id", "s-1" },
            { "traceloop.association.properties.user_id", "ada" },
            { "traceloop.association.properties.plan", "gold" },
        }.Read();

        read.Readers.ShouldBe(["openllmetry", "gen_ai"]);
        read.Rest.ShouldBeEmpty();
        read.Kind.ShouldBe(StepKind.Llm);
        read.Input.Select(message => message.Role).ShouldBe(["user", "assistant", "tool"]);
        read.Input[0].Parts.Select(part => part.Kind).ShouldBe([ReadPartKind.Text, ReadPartKind.Media]);
        read.Input[0].Text.ShouldBe("What's the weather in Boston and here?");
        read.Input[1].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"location":"Boston"}""", "call_1", "get_weather")]);
        read.Input[2].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, "Sunny, 65 degrees", "call_1")]);
        read.Output.ShouldHaveSingleItem().Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"location":"Boston"}""", "call_2", "get_time")]);
        read.FinishReasons.ShouldBe(["tool_call"]);
        LenientJson.Parse(read.ToolDefinitions)!.Value[0].Text("name").ShouldBe("get_weather");
        (read.Usage.Input, read.Usage.Output, read.Usage.CacheRead).ShouldBe((173, 17, 128));
        (read.Provider, read.SessionId, read.UserId, read.TraceName).ShouldBe(("openai", "s-1", "ada", "weather"));
        read.Metadata.ShouldBe([new ReadField("plan", "\"gold\"")]);
        read.Cost.ShouldNotBeNull();
    }

    [Fact]
    public void Todays_version_writes_the_messages_of_the_conventions()
    {
        ReadSpan read = new TestSpan("openai.chat", "opentelemetry.instrumentation.openai.v1")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.provider.name", "openai" },
            { "gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""" },
            { "gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]""" },
            { "traceloop.workflow.name", "greeting" },
        }.Read();

        read.Kind.ShouldBe(StepKind.Llm);
        read.Input.ShouldHaveSingleItem().Text.ShouldBe("Hi");
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("Hello");
    }

    [Fact]
    public void Workflows_tasks_agents_and_tools_show_what_they_were_called_with()
    {
        ReadSpan workflow = new TestSpan("pirate_joke.workflow", "opentelemetry.instrumentation.traceloop")
        {
            { "traceloop.span.kind", "workflow" },
            { "traceloop.entity.name", "pirate_joke" },
            { "traceloop.entity.input", """{"args": [], "kwargs": {"topic": "rum"}}""" },
            { "traceloop.entity.output", "\"Arr!\"" },
        }.Read();
        ReadSpan tool = new TestSpan("search.tool")
        {
            { "traceloop.span.kind", "tool" },
            { "traceloop.entity.name", "search" },
            { "traceloop.entity.input", """{"input_str": "{'query': 'rum'}", "tags": [], "metadata": {}}""" },
            { "traceloop.entity.output", """{"output": "3 hits", "kwargs": {}}""" },
        }.Read();
        ReadSpan agent = new TestSpan("helper.agent") { { "traceloop.span.kind", "agent" }, { "traceloop.entity.name", "helper" } }.Read();
        ReadSpan query = new TestSpan("chroma.query") { { "db.system", "chroma" }, { "traceloop.workflow.name", "rag" } }
            .Event("db.query.result", ("db.query.result.id", "a"), ("db.query.result.distance", 0.4),
            ("db.query.result.document", "30 days"))
            .Read();

        (workflow.Kind, workflow.InputValue, workflow.OutputValue).ShouldBe((StepKind.Chain, """{"topic": "rum"}""", "\"Arr!\""));
        (tool.Kind, tool.Name, tool.ToolArguments, tool.ToolResult).ShouldBe((StepKind.Tool, "search", "{'query': 'rum'}", "3 hits"));
        (agent.Kind, agent.Name).ShouldBe((StepKind.Agent, "helper"));
        query.Kind.ShouldBe(StepKind.Retriever);
        query.Documents.ShouldBe([new ReadDocument("a", "30 days", 0.4, null)]);
        query.Rest.ShouldBe(["db.system"]);
    }
}
