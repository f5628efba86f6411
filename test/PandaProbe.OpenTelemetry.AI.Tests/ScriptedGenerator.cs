using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

/// <summary>Embeds everything as zeros, or fails.</summary>
internal sealed class ScriptedGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public Exception? Failure { get; init; }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Failure is not null
                ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(Failure)
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(
                    values.Select(_ => new Embedding<float>(new float[3]) { ModelId = "text-embedding-3-small" }))
                {
                    Usage = new() { InputTokenCount = 12 },
                });

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", null, "text-embedding-3-small") : null;

    public void Dispose()
    {
    }
}
