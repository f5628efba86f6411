using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class LangfuseVocabularyTests
{
    [Fact]
    public void A_generation_shows_messages_tokens_and_cost()
    {
        ReadSpan read = new TestSpan("answer", "langfuse-sdk")
        {
            { "langfuse.observation.type", "generation" },
            { "langfuse.observation.model.name", "gpt-4o" },
            { "langfuse.observation.model.parameters", """{"temperature": 0.7, "max_tokens": 100}""" },
            { "langfuse.observation.input", """[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]""" },
            { "langfuse.observation.output", """{"role": "assistant", "content": "Hello"}""" },
            { "langfuse.observation.usage_details", """{"prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24, "prompt_tokens_details": {"cached_tokens": 8}}""" },
            { "langfuse.observation.cost_details", """{"input": 0.0001, "output": 0.0002, "total": 0.0003}""" },
            { "langfuse.observation.completion_start_time",
            $"\"{DateTimeOffset.FromUnixTimeMilliseconds((long)(TestSpan.Start / 1_000_000) + 300):O}\"" },
            { "langfuse.observation.prompt.name", "greeting" },
            { "langfuse.observation.prompt.version", 3 },
            { "langfuse.observation.metadata.step", "1" },
            { "langfuse.trace.metadata.region", "eu" },
            { "langfuse.trace.name", "support" },
            { "langfuse.trace.tags", (string[])["prod"] },
            { "langfuse.environment", "production" },
            { "session.id", "s-1" },
            { "user.id", "ada" },
        }.Read();

        read.Readers.ShouldBe(["langfuse"]);
        read.Rest.ShouldBeEmpty();
        (read.Kind, read.Model, read.TraceName).ShouldBe((StepKind.Llm, "gpt-4o", "support"));
        read.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be brief.", "user: Hi"]);
        read.Output.ShouldHaveSingleItem().Text.ShouldBe("Hello");
        (read.Usage.Input, read.Usage.Output, read.Usage.CacheRead).ShouldBe((20, 4, 8));
        (read.Cost, read.CostSource).ShouldBe((0.0003m, CostSource.Reported));
        read.TimeToFirstChunk.ShouldBe(TimeSpan.FromMilliseconds(300));
        (read.PromptName, read.PromptVersion).ShouldBe(("greeting", "3"));
        read.Metadata.Select(field => field.Key).ShouldBe(["environment", "step", "region"]);
        read.Tags.ShouldBe(["prod"]);
        (read.SessionId, read.UserId).ShouldBe(("s-1", "ada"));
    }

    [Theory]
    [InlineData("""{"input": 20, "output": 4, "total": 32, "input_cached_tokens": 8}""", 28, 4)]
    [InlineData("""{"input": 20, "output": 4, "total": 24, "input_cached_tokens": 8}""", 20, 4)]
    [InlineData("""{"input": 10, "output": 4, "input_cache_read": 18, "output_reasoning": 3}""", 28, 7)]
    public void Counts_that_exclude_each_other_are_added(string details, long input, long output)
    {
        ReadSpan read = new TestSpan(
            "x", "langfuse-sdk") { { "langfuse.observation.type", "generation" },
            { "langfuse.observation.usage_details", details } }.Read();

        (read.Usage.Input, read.Usage.Output).ShouldBe((input, output));
    }

    [Fact]
    public void Tools_guardrails_and_failures_have_their_fields()
    {
        ReadSpan tool = new TestSpan("lookup", "langfuse-sdk")
        {
            { "langfuse.observation.type", "tool" },
            { "langfuse.observation.input", """{"id": 1}""" },
            { "langfuse.observation.level", "ERROR" },
            { "langfuse.observation.status_message", "No such order." },
        }.Read();
        ReadSpan guardrail = new TestSpan("guard", "langfuse-sdk") { { "langfuse.observation.type", "guardrail" } }.Read();
        ReadSpan span = new TestSpan(
            "step", "langfuse-sdk") { { "langfuse.observation.type", "span" }, { "langfuse.observation.input", "x" } }.Read();

        (tool.Kind, tool.Name, tool.ToolArguments).ShouldBe((StepKind.Tool, "lookup", """{"id": 1}"""));
        (tool.IsError, tool.ErrorMessage).ShouldBe((true, "No such order."));
        (guardrail.Kind, guardrail.KindLabel).ShouldBe((StepKind.Other, "GUARDRAIL"));
        (span.Kind, span.KindLabel, span.InputValue).ShouldBe((StepKind.Other, null, "x"));
    }
}
