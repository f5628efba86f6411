using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.AI;

/// <summary>Records the calls of an embedding generator.</summary>
internal sealed class TracedEmbeddingGenerator<TInput, TEmbedding> : DelegatingEmbeddingGenerator<TInput, TEmbedding>
    where TEmbedding : Embedding
{
    private readonly string? _provider;
    private readonly string? _defaultModel;
    private readonly string? _host;
    private readonly int _port;

    public TracedEmbeddingGenerator(IEmbeddingGenerator<TInput, TEmbedding> inner) : base(inner)
    {
        if (inner.GetService(typeof(EmbeddingGeneratorMetadata)) is not EmbeddingGeneratorMetadata metadata)
            return;

        _provider = Providers.Name(metadata.ProviderName);
        _defaultModel = metadata.DefaultModelId;
        if (metadata.ProviderUri is { IsAbsoluteUri: true } uri)
        {
            _host = uri.Host;
            _port = uri.Port;
        }
    }

    public override Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            ModelCall.IsWanted(ProbeSpanKind.Embedding)
                ? TraceAsync(values, options, cancellationToken) : InnerGenerator.GenerateAsync(values, options, cancellationToken);

    private async Task<GeneratedEmbeddings<TEmbedding>> TraceAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        string? model = options?.ModelId ?? _defaultModel;
        var call = ModelCall.Start(ProbeSpanKind.Embedding, model, _provider);
        try
        {
            call.SetServer(_host, _port);
            call.SetCount(GenAI.Embeddings.DimensionCount, options?.Dimensions);
            if (call.CapturesContent && values is IEnumerable<string>)
            {
                ICollection<TInput> known = values as ICollection<TInput> ?? [.. values];
                call.Record(known, static (call, known) => call.SetTexts([.. (IEnumerable<string>)known]));
                values = known;
            }

            GeneratedEmbeddings<TEmbedding> embeddings = await InnerGenerator.GenerateAsync(values, options, cancellationToken)
                .ConfigureAwait(false);
            call.Record(embeddings, static (call, embeddings) => SetResponse(call, embeddings));
            return embeddings;
        }
        catch (Exception exception) when (call.Saw(exception))
        {
            throw;
        }
        finally
        {
            call.End();
        }
    }

    private static void SetResponse(ModelCall call, GeneratedEmbeddings<TEmbedding>? embeddings)
    {
        if (embeddings is null)
            return;

        ResponseTags.SetUsage(call, embeddings.Usage);
        if (embeddings.Count == 0)
            return;

        TEmbedding first = embeddings[0];
        call.SetResponse(null, first.ModelId, null);
        call.SetCount(GenAI.Embeddings.DimensionCount, first.Dimensions);
        call.SetMetadata("embeddings", (long)embeddings.Count);
    }
}
