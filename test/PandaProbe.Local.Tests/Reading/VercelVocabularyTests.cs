using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class VercelVocabularyTests
{
    private const string Prompt = """
        [{"role":"system","content":"Be brief."},
         {"role":"user","content":[{"type":"text","text":"Weather in Paris?"}]},
         {"role":"assistant","content":[{"type":"tool-call","toolCallId":"call-1","toolName":"weather","input":{"location":"Paris"}}]},
         {"role":"tool","content":[{"type":"tool-result","toolCallId":"call-1","toolName":"weather","output":{"type":"json","value":{"temperature":21}}}]}]
        """;

    [Fact]
    public void A_call_shows_messages_tools_and_tokens()
    {
        ReadSpan read = new TestSpan("ai.generateText.doGenerate", "ai")
        {
            { "operation.name", "ai.generateText.doGenerate weather-bot" },
            { "ai.operationId", "ai.generateText.doGenerate" },
            { "ai.telemetry.functionId", "weather-bot" },
            { "ai.telemetry.metadata.sessionId", "s-1" },
            { "ai.telemetry.metadata.userId", "ada" },
            { "ai.telemetry.metadata.tags", (string[])["prod"] },
            { "ai.telemetry.metadata.plan", "gold" },
            { "ai.model.id", "gpt-4o" },
            { "ai.model.provider", "openai.responses" },
            { "ai.prompt.messages", Prompt },
            { "ai.prompt.tools", (string[])["""{"type":"function","name":"weather","inputSchema":{"type":"object"}}"""] },
            { "ai.prompt.toolChoice", """{"type":"auto"}""" },
            { "ai.settings.maxOutputTokens", 500 },
            { "ai.response.text", "21 degrees." },
            { "ai.response.reasoning", "The tool said so." },
            { "ai.response.toolCalls", """[{"toolCallId":"call-2","toolName":"weather","input":"{\"location\":\"Rome\"}"}]""" },
            { "ai.response.finishReason", "tool-calls" },
            { "ai.response.id", "resp-1" },
            { "ai.response.model", "gpt-4o-2024-08-06" },
            { "ai.response.timestamp", "2026-05-01T00:00:00.000Z" },
            { "ai.response.providerMetadata", """{"openai":{"responseId":"resp-1","cachedPromptTokens":64}}""" },
            { "ai.usage.promptTokens", 100 },
            { "ai.usage.completionTokens", 20 },
            { "ai.usage.reasoningTokens", 5 },
            { "gen_ai.system", "openai.responses" },
            { "gen_ai.request.model", "gpt-4o" },
            { "gen_ai.response.finish_reasons", (string[])["tool-calls"] },
            { "gen_ai.response.id", "resp-1" },
            { "gen_ai.response.model", "gpt-4o-2024-08-06" },
            { "gen_ai.usage.input_tokens", 100 },
            { "gen_ai.usage.output_tokens", 20 },
        }.Read();

        read.Readers.ShouldBe(["vercel-ai", "gen_ai"]);
        read.Rest.ShouldBeEmpty();
        read.Kind.ShouldBe(StepKind.Llm);
        read.Input.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        read.Input[2].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolCall, """{"location":"Paris"}""", "call-1", "weather")]);
        read.Input[3].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, """{"temperature":21}""", "call-1", "weather")]);
        read.Output.ShouldHaveSingleItem().Parts.ShouldBe(
        [
            new ReadPart(ReadPartKind.Reasoning, "The tool said so."),
            new ReadPart(ReadPartKind.Text, "21 degrees."),
            new ReadPart(ReadPartKind.ToolCall, """{"location":"Rome"}""", "call-2", "weather"),
        ]);
        read.Output[0].FinishReason.ShouldBe("tool_call");
        read.ToolDefinitions.ShouldBe("""[{"type":"function","name":"weather","inputSchema":{"type":"object"}}]""");
        read.Provider.ShouldBe("openai");
        (read.Usage.Input, read.Usage.Output, read.Usage.CacheRead, read.Usage.Reasoning).ShouldBe((100, 20, 64, 5));
        (read.SessionId, read.UserId).ShouldBe(("s-1", "ada"));
        read.Tags.ShouldBe(["prod"]);
        read.Metadata.ShouldContain(new ReadField("plan", "\"gold\""));
        read.Parameters.ShouldContain(new ReadField("maxOutputTokens", "500"));
        read.UsageIsSum.ShouldBeFalse();
        read.Cost.ShouldNotBeNull();
    }

    [Fact]
    public void The_function_around_calls_is_a_chain_whose_tokens_are_a_sum()
    {
        ReadSpan read = new TestSpan("ai.streamText", "ai")
        {
            { "ai.operationId", "ai.streamText" },
            { "ai.model.id", "gpt-4o" },
            { "ai.prompt", """{"system":"Be brief.","prompt":"Weather in Paris?"}""" },
            { "ai.response.text", "21 degrees." },
            { "ai.usage.inputTokens", 300 },
            { "ai.usage.outputTokens", 60 },
        }.Read();

        (read.Kind, read.UsageIsSum, read.Cost).ShouldBe((StepKind.Chain, true, null));
        read.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be brief.", "user: Weather in Paris?"]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("21 degrees.");
    }

    [Fact]
    public void Streams_tools_objects_and_embeddings_have_their_fields()
    {
        ReadSpan stream = new TestSpan("ai.streamText.doStream", "ai")
        {
            { "ai.operationId", "ai.streamText.doStream" },
            { "ai.response.msToFirstChunk", 250.5 },
            { "ai.response.avgOutputTokensPerSecond", 40.0 },
        }.Read();
        ReadSpan tool = new TestSpan("ai.toolCall", "ai")
        {
            { "ai.operationId", "ai.toolCall" },
            { "ai.toolCall.name", "weather" },
            { "ai.toolCall.id", "call-1" },
            { "ai.toolCall.args", """{"location":"Paris"}""" },
            { "ai.toolCall.result", """{"temperature":21}""" },
        }.Read();
        ReadSpan structured = new TestSpan("ai.generateObject.doGenerate", "ai")
        {
            { "ai.operationId", "ai.generateObject.doGenerate" },
            { "ai.response.object", """{"city":"Paris"}""" },
        }.Read();
        ReadSpan embedding = new TestSpan("ai.embedMany.doEmbed", "ai")
        {
            { "ai.operationId", "ai.embedMany.doEmbed" },
            { "ai.model.id", "text-embedding-3-small" },
            { "ai.values", (string[])["\"a\"", "\"b\""] },
            { "ai.embeddings", (string[])["[0.1]", "[0.2]"] },
            { "ai.usage.tokens", 8 },
        }.Read();

        stream.TimeToFirstChunk.ShouldBe(TimeSpan.FromMilliseconds(250.5));
        (tool.Kind, tool.Name, tool.ToolCallId, tool.ToolArguments, tool.ToolResult)
            .ShouldBe((StepKind.Tool, "weather", "call-1", """{"location":"Paris"}""", """{"temperature":21}"""));
        structured.Output.ShouldHaveSingleItem().Text.ShouldBe("""{"city":"Paris"}""");
        (embedding.Kind, embedding.Usage.Input).ShouldBe((StepKind.Embedding, 8));
        embedding.Rest.ShouldBeEmpty();
    }

    [Fact]
    public void Cached_tokens_of_Anthropic_are_added_to_an_input_that_excludes_them()
    {
        ReadSpan read = new TestSpan("ai.generateText.doGenerate", "ai")
        {
            { "ai.operationId", "ai.generateText.doGenerate" },
            { "ai.model.provider", "anthropic.messages" },
            { "ai.model.id", "claude-sonnet-4-5" },
            { "ai.usage.inputTokens", 2000 },
            { "ai.usage.outputTokens", 10 },
            { "ai.usage.cachedInputTokens", 500 },
            { "ai.response.providerMetadata", """{"anthropic":{"usage":{"input_tokens":2000,"cache_creation_input_tokens":100,"cache_read_input_tokens":500,"output_tokens":10}}}""" },
        }.Read();

        (read.Provider, read.Usage.Input, read.Usage.CacheRead, read.Usage.CacheWrite).ShouldBe(("anthropic", 2600, 500, 100));
    }

    [Fact]
    public void Version_7_writes_the_conventions()
    {
        ReadSpan root = new TestSpan(
            "invoke_agent weather-bot", "@ai-sdk/otel") { { "gen_ai.operation.name", "invoke_agent" },
            { "gen_ai.agent.name", "weather-bot" }, { "gen_ai.usage.input_tokens", 10 } }.Read();
        ReadSpan step = new TestSpan(
            "agent_step 1", "@ai-sdk/otel") { { "gen_ai.operation.name", "agent_step" }, { "gen_ai.usage.input_tokens", 10 } }.Read();
        ReadSpan call = new TestSpan("chat gpt-4o", "@ai-sdk/otel")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.request.model", "gpt-4o" },
            { "gen_ai.usage.input_tokens", 10 },
            { "ai.settings.context.sessionId", "s-1" },
        }.Read();

        (root.Kind, root.Name).ShouldBe((StepKind.Agent, "weather-bot"));
        (step.Kind, step.UsageIsSum).ShouldBe((StepKind.Chain, true));
        (call.Kind, call.SessionId).ShouldBe((StepKind.Llm, "s-1"));
    }
}
