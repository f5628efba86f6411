using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class EmbeddingGeneratorTests
{
    [Fact]
    public async Task A_call_is_a_span_with_its_texts_and_tokens()
    {
        using Recording recording = new();
        IEmbeddingGenerator<string, Embedding<float>> generator = new Generator().WithPandaProbe();

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
        using Recording recording = new();
        HttpRequestException failure = new("gone");
        IEmbeddingGenerator<string, Embedding<float>> generator = new Generator { Failure = failure }.WithPandaProbe();

        (await Should.ThrowAsync<HttpRequestException>(async () => await generator.GenerateAsync(["one"]))).ShouldBeSameAs(failure);

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.Text("input.value").ShouldBe("one");
    }

    private sealed class Generator : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Exception? Failure { get; init; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Failure is not null
                ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(Failure)
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[3]) { ModelId = "text-embedding-3-small" }))
                {
                    Usage = new() { InputTokenCount = 12 },
                });

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", null, "text-embedding-3-small") : null;

        public void Dispose()
        {
        }
    }
}
