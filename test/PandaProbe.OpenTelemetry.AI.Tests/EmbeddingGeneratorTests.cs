using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class EmbeddingGeneratorTests
{
    [Fact]
    public async Task A_call_is_a_span_with_its_texts_and_tokens()
    {
        using SpanRecording recording = new();
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator().WithPandaProbe();

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(["one", "two"]);

        embeddings.Count.ShouldBe(2);
        Activity span = recording.Span("embeddings text-embedding-3-small");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Tag("pandaprobe.span.kind").ShouldBe("EMBEDDING");
        span.Tag("gen_ai.operation.name").ShouldBe("embeddings");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(12L);
        span.Tag("gen_ai.embeddings.dimension.count").ShouldBe(3L);
        span.Text("input.value").ShouldBe("""["one","two"]""");
    }

    [Fact]
    public async Task An_error_passes_unchanged()
    {
        using SpanRecording recording = new();
        HttpRequestException failure = new("gone");
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator { Failure = failure }.WithPandaProbe();

        (await Should.ThrowAsync<HttpRequestException>(async () => await generator.GenerateAsync(["one"]))).ShouldBeSameAs(failure);

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.Text("input.value").ShouldBe("one");
    }
}
