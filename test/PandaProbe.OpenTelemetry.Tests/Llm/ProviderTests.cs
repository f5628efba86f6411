using PandaProbe.Conventions;
using PandaProbe.Metrics;

namespace PandaProbe.Llm;

[Collection(ProcessWide.Name)]
public sealed class ProviderTests
{
    [Theory]
    [InlineData("gpt-4o", "openai")]
    [InlineData("GPT-5.4", "openai")]
    [InlineData("o3-mini", "openai")]
    [InlineData("ft:gpt-4o:acme", "openai")]
    [InlineData("text-embedding-3-small", "openai")]
    [InlineData("claude-sonnet-4-5", "anthropic")]
    [InlineData("gemini-2.5-pro", "gcp.gemini")]
    [InlineData("mistral-large-latest", "mistral_ai")]
    [InlineData("grok-4", "x_ai")]
    [InlineData("deepseek-chat", "deepseek")]
    [InlineData("command-r", "cohere")]
    [InlineData("embed-english-v3.0", "cohere")]
    [InlineData("sonar-pro", "perplexity")]
    [InlineData("granite-4.0-h-small", "ibm.watsonx.ai")]
    [InlineData("rerank-v3.5", "cohere")]
    [InlineData("chatgpt-4o-latest", "openai")]
    [InlineData("codex-mini-latest", "openai")]
    [InlineData("davinci-002", "openai")]
    [InlineData("amazon.nova-pro-v1:0", "aws.bedrock")]
    [InlineData("my-model", null)]
    [InlineData("asked", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_name_of_a_model_tells_its_provider(string? model, string? provider) => ModelProviders.Of(model).ShouldBe(provider);

    [Fact]
    public void A_span_names_the_provider_of_its_model_unless_the_caller_does()
    {
        using SpanRecording recording = new();
        Probe.StartLlmSpan("gpt-4o").Dispose();
        Probe.StartSpan("azure", ProbeSpanKind.Llm, "gpt-4o", provider: "azure.ai.openai").Dispose();
        using (SpanScope span = Probe.StartSpan("later", ProbeSpanKind.Llm, "gpt-4o"))
            span.SetModel("claude-sonnet-4-5");
        using (SpanScope span = Probe.StartSpan("named", ProbeSpanKind.Llm))
        {
            span.SetProvider("aws.bedrock");
            span.SetModel("claude-sonnet-4-5");
        }

        Probe.StartSpan("unknown", ProbeSpanKind.Llm, "my-model").Dispose();

        recording.Span("chat gpt-4o").Tag("gen_ai.provider.name").ShouldBe("openai");
        recording.Span("azure").Tag("gen_ai.provider.name").ShouldBe("azure.ai.openai");
        recording.Span("later").Tag("gen_ai.provider.name").ShouldBe("anthropic");
        recording.Span("named").Tag("gen_ai.provider.name").ShouldBe("aws.bedrock");
        recording.Span("unknown").HasTag("gen_ai.provider.name").ShouldBeFalse();
    }

    [Fact]
    public void An_agent_has_the_provider_of_its_first_call_unless_the_caller_names_one()
    {
        using SpanRecording recording = new();
        using (Probe.StartSpan("named", ProbeSpanKind.Agent, provider: "anthropic"))
        using (Probe.StartSpan("agent", ProbeSpanKind.Agent))
        {
            using (Probe.StartSpan("step"))
                Probe.StartLlmSpan("gpt-4o").Dispose();
            Probe.StartLlmSpan("gemini-2.5-pro").Dispose();
        }

        recording.Span("agent").Tag("gen_ai.provider.name").ShouldBe("openai");
        recording.Span("named").Tag("gen_ai.provider.name").ShouldBe("anthropic");
        recording.Span("step").HasTag("gen_ai.provider.name").ShouldBeFalse();
    }

    [Theory]
    [InlineData(Tracing.Recorded)]
    [InlineData(Tracing.RecordedByOthers)]
    [InlineData(Tracing.Nobody)]
    public void Metrics_name_the_provider_of_the_model_as_spans_do(Tracing tracing)
    {
        using Measurements measurements = new();
        using (tracing.Start())
        {
            using SpanScope span = Probe.StartSpan("call", ProbeSpanKind.Llm);
            span.SetModel("gpt-4o");
            span.SetTokenUsage(10, 5);
        }

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags["gen_ai.provider.name"].ShouldBe("openai");
        measurements.Of(Measurements.Cost).ShouldHaveSingleItem();
    }
}
