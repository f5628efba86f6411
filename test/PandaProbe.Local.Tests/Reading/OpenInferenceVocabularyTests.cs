using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class OpenInferenceVocabularyTests
{
    private const string Scope = "openinference.instrumentation.openai";

    [Fact]
    public void A_call_with_tools_shows_messages_tools_and_tokens()
    {
        ReadSpan read = new TestSpan("ChatCompletion", Scope)
        {
            { "openinference.span.kind", "LLM" },
            { "llm.system", "openai" },
            { "llm.model_name", "gpt-4o-mini-2024-07-18" },
            { "llm.invocation_parameters", """{"model": "gpt-4o-mini", "temperature": 0.5, "tool_choice": "auto"}""" },
            { "input.value", """{"messages": [{"role": "user", "content": "What's the weather in NYC?"}], "model": "gpt-4o-mini"}""" },
            { "input.mime_type", "application/json" },
            { "llm.input_messages.0.message.role", "system" },
            { "llm.input_messages.0.message.content", "Be brief." },
            { "llm.input_messages.1.message.role", "user" },
            { "llm.input_messages.1.message.contents.0.message_content.type", "text" },
            { "llm.input_messages.1.message.contents.0.message_content.text", "What's the weather in NYC?" },
            { "llm.input_messages.1.message.contents.1.message_content.type", "image" },
            { "llm.input_messages.1.message.contents.1.message_content.image.image.url", "https://example.com/sky.jpg" },
            { "llm.input_messages.2.message.role", "assistant" },
            { "llm.input_messages.2.message.tool_calls.0.tool_call.id", "call_62136355" },
            { "llm.input_messages.2.message.tool_calls.0.tool_call.function.name", "get_weather" },
            { "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments", """{"city": "New York"}""" },
            { "llm.input_messages.2.message.tool_calls.1.tool_call.id", "call_62136356" },
            { "llm.input_messages.2.message.tool_calls.1.tool_call.function.name", "get_population" },
            { "llm.input_messages.2.message.tool_calls.1.tool_call.function.arguments", """{"city": "New York"}""" },
            { "llm.input_messages.3.message.role", "tool" },
            { "llm.input_messages.3.message.tool_call_id", "call_62136355" },
            { "llm.input_messages.3.message.content", """{"city": "New York", "weather": "fine"}""" },
            { "llm.output_messages.0.message.role", "assistant" },
            { "llm.output_messages.0.message.content", "Fine." },
            { "output.value", """{"id": "chatcmpl-1", "choices": []}""" },
            { "llm.tools.0.tool.json_schema", """{"type": "function", "function": {"name": "get_weather"}}""" },
            { "llm.tools.1.tool.json_schema", """{"type": "function", "function": {"name": "get_population"}}""" },
            { "llm.token_count.prompt", 1100 },
            { "llm.token_count.completion", 25 },
            { "llm.token_count.total", 1125 },
            { "llm.token_count.prompt_details.cache_read", 1024 },
            { "llm.token_count.completion_details.reasoning", 10 },
            { "llm.cost.prompt", 0.001 },
            { "llm.cost.completion", 0.0005 },
            { "llm.cost.total", 0.0015 },
            { "session.id", "s-1" },
            { "user.id", "ada" },
            { "metadata", """{"tier": "gold", "attempt": 2}""" },
            { "tag.tags", (string[])["a", "b"] },
            { "llm.prompt_template.template", "What's the weather in {city}?" },
            { "llm.prompt_template.version", "v1.0" },
        }.Read();

        read.Readers.ShouldBe(["openinference"]);
        read.Rest.ShouldBeEmpty();
        read.Kind.ShouldBe(StepKind.Llm);
        read.Input.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        read.Input[1].Parts.ShouldBe(
            [new ReadPart(ReadPartKind.Text, "What's the weather in NYC?"),
            new ReadPart(ReadPartKind.Media, MimeType: "image/*", Uri: "https://example.com/sky.jpg")]);
        read.Input[2].Parts.Select(part => part.Name).ShouldBe(["get_weather", "get_population"]);
        read.Input[3].Parts.ShouldBe([new ReadPart(ReadPartKind.ToolResult, """{"city": "New York", "weather": "fine"}""", "call_62136355")]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("Fine.");
        read.ToolDefinitions.ShouldBe("""[{"type": "function", "function": {"name": "get_weather"}},{"type": "function", "function": {"name": "get_population"}}]""");
        (read.RequestModel, read.ResponseModel, read.Provider).ShouldBe(("gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai"));
        (read.Usage.Input, read.Usage.Output, read.Usage.CacheRead, read.Usage.Reasoning).ShouldBe((1100, 25, 1024, 10));
        (read.Cost, read.CostSource).ShouldBe((0.0015m, CostSource.Reported));
        (read.SessionId, read.UserId).ShouldBe(("s-1", "ada"));
        read.Tags.ShouldBe(["a", "b"]);
        read.Metadata.ShouldContain(new ReadField("attempt", "2"));
        read.PromptVersion.ShouldBe("v1.0");
        read.Parameters.Select(parameter => parameter.Key).ShouldBe(["temperature", "tool_choice"]);
    }

    [Fact]
    public void Messages_are_ordered_by_number_and_not_by_text()
    {
        TestSpan span = new("ChatCompletion", Scope) { { "openinference.span.kind", "LLM" } };
        foreach (int i in Enumerable.Range(0, 12).Reverse())
        {
            span.Add($"llm.input_messages.{i}.message.role", "user");
            span.Add($"llm.input_messages.{i}.message.content", $"{i}");
        }

        span.Read().Input.Select(message => message.Text).ShouldBe(Enumerable.Range(0, 12).Select(i => $"{i}"));
    }

    [Fact]
    public void A_call_without_messages_shows_its_values()
    {
        ReadSpan langChain = new TestSpan("ChatOpenAI", "openinference.instrumentation.langchain")
        {
            { "openinference.span.kind", "LLM" },
            { "input.value", """{"messages": [[{"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "HumanMessage"], "kwargs": {"content": "Hi", "type": "human"}}]]}""" },
            { "output.value", """{"generations": [[{"text": "Hello", "message": {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "AIMessage"], "kwargs": {"content": "Hello"}}}]]}""" },
        }.Read();
        ReadSpan completion = new TestSpan("Completion", Scope)
        {
            { "openinference.span.kind", "LLM" },
            { "llm.prompts.0.prompt.text", "Once upon" },
            { "llm.choices.0.completion.text", " a time" },
        }.Read();

        langChain.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["user: Hi"]);
        langChain.Output.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["assistant: Hello"]);
        completion.Input.ShouldHaveSingleItem().Text.ShouldBe("Once upon");
        completion.Output.ShouldHaveSingleItem().Text.ShouldBe(" a time");
    }

    [Fact]
    public void Retrievers_rerankers_tools_and_chains_have_their_fields()
    {
        ReadSpan retriever = new TestSpan("VectorStoreRetriever", Scope)
        {
            { "openinference.span.kind", "RETRIEVER" },
            { "input.value", "refunds" },
            { "retrieval.documents.0.document.content", "30 days" },
            { "retrieval.documents.0.document.score", 0.8 },
            { "retrieval.documents.0.document.metadata", """{"source": "faq.md"}""" },
            { "retrieval.documents.1.document.id", "7" },
        }.Read();
        ReadSpan reranker = new TestSpan("CohereRerank", Scope)
        {
            { "openinference.span.kind", "RERANKER" },
            { "reranker.query", "refunds" },
            { "reranker.model_name", "rerank-3" },
            { "reranker.input_documents.0.document.content", "b" },
            { "reranker.output_documents.0.document.content", "a" },
            { "reranker.output_documents.0.document.score", 0.9 },
        }.Read();
        ReadSpan tool = new TestSpan("get_weather", Scope)
        {
            { "openinference.span.kind", "TOOL" },
            { "tool.name", "get_weather" },
            { "input.value", """{"city": "Paris"}""" },
            { "output.value", "rainy" },
        }.Read();
        ReadSpan chain = new TestSpan("RunnableSequence", Scope)
        {
            { "openinference.span.kind", "CHAIN" },
            { "input.value", """{"question": "Why?"}""" },
            { "output.value", """[{"role": "assistant", "content": "Because."}]""" },
        }.Read();
        ReadSpan guardrail = new TestSpan("guard", Scope) { { "openinference.span.kind", "GUARDRAIL" } }.Read();

        (retriever.Kind, retriever.Query).ShouldBe((StepKind.Retriever, "refunds"));
        retriever.Documents.ShouldBe([new ReadDocument(null, "30 days", 0.8, """{"source": "faq.md"}"""), new ReadDocument("7", null, null, null)]);
        (reranker.Kind, reranker.Query, reranker.Model).ShouldBe((StepKind.Retriever, "refunds", "rerank-3"));
        reranker.Documents.ShouldBe([new ReadDocument(null, "a", 0.9, null)]);
        (tool.ToolName, tool.ToolArguments, tool.ToolResult).ShouldBe(("get_weather", """{"city": "Paris"}""", "rainy"));
        (chain.Kind, chain.InputValue).ShouldBe((StepKind.Chain, """{"question": "Why?"}"""));
        chain.Output.ShouldHaveSingleItem().Text.ShouldBe("Because.");
        (guardrail.Kind, guardrail.KindLabel).ShouldBe((StepKind.Other, "GUARDRAIL"));
    }
}
