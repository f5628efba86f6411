using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class EmbeddingGeneratorTests
{
    [Fact]
    public async Task A_call_is_a_span_with_its_texts_and_tokens()
    {
        using var capture = ProbeCapture.Start();
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator().WithPandaProbe();

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(["one", "two"]);

        embeddings.Count.ShouldBe(2);
        CapturedSpan span = capture.Span("embeddings text-embedding-3-small");
        span.Activity.Kind.ShouldBe(ActivityKind.Client);
        span.Attribute("pandaprobe.span.kind").ShouldBe("EMBEDDING");
        span.Attribute("gen_ai.operation.name").ShouldBe("embeddings");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(12L);
        span.Attribute("gen_ai.embeddings.dimension.count").ShouldBe(3L);
        span.Text("input.value").ShouldBe("""["one","two"]""");
    }

    [Fact]
    public async Task An_error_passes_unchanged()
    {
        using var capture = ProbeCapture.Start();
        HttpRequestException failure = new("gone");
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator { Failure = failure }.WithPandaProbe();

        (await Should.ThrowAsync<HttpRequestException>(async () => await generator.GenerateAsync(["one"]))).ShouldBeSameAs(failure);

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.IsError.ShouldBeTrue();
        span.Text("input.value").ShouldBe("one");
    }
}
