using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Embeddings;
using PandaProbe.OpenAI.Json;
using PandaProbe.OpenAI.Protocol;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Records the calls of an embedding client.</summary>
internal sealed class TracedEmbeddingClient : EmbeddingClient
{
    private readonly EmbeddingClient _inner;
    private readonly Service _service;

    // Test doubles have no pipeline.
    private TracedEmbeddingClient(EmbeddingClient inner)
    {
        _inner = inner;
        _service = Service.Of(inner, null);
    }

    private TracedEmbeddingClient(EmbeddingClient inner, OpenAIClientOptions options) : base(inner.Pipeline, inner.Model, options)
    {
        _inner = inner;
        _service = Service.Of(inner, inner.Endpoint);
    }

    public static TracedEmbeddingClient Of(EmbeddingClient inner) =>
        inner.Pipeline is null || inner.Model is null ? new(inner) : new(inner, new OpenAIClientOptions { Endpoint = inner.Endpoint });

    public override ClientResult<OpenAIEmbedding> GenerateEmbedding(
        string input, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(input)
                ? TypedCall.Run(() => Start([input], options), () => _inner.GenerateEmbedding(input, options, cancellationToken), Read)
                : _inner.GenerateEmbedding(input, options, cancellationToken);

    public override Task<ClientResult<OpenAIEmbedding>> GenerateEmbeddingAsync(
        string input, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(input)
                ? TypedCall.RunAsync(
                    () => Start([input], options), () => _inner.GenerateEmbeddingAsync(input, options, cancellationToken), Read)
                : _inner.GenerateEmbeddingAsync(input, options, cancellationToken);

    public override ClientResult<OpenAIEmbeddingCollection> GenerateEmbeddings(
        IEnumerable<string> inputs, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputs))
            return _inner.GenerateEmbeddings(inputs, options, cancellationToken);

        List<string> known = [.. inputs];
        return TypedCall.Run(() => Start(known, options), () => _inner.GenerateEmbeddings(known, options, cancellationToken), Read);
    }

    public override Task<ClientResult<OpenAIEmbeddingCollection>> GenerateEmbeddingsAsync(
        IEnumerable<string> inputs, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputs))
            return _inner.GenerateEmbeddingsAsync(inputs, options, cancellationToken);

        List<string> known = [.. inputs];
        return TypedCall.RunAsync(
            () => Start(known, options), () => _inner.GenerateEmbeddingsAsync(known, options, cancellationToken), Read);
    }

    // Input given as token ids has no text to record.
    public override ClientResult<OpenAIEmbeddingCollection> GenerateEmbeddings(
        IEnumerable<ReadOnlyMemory<int>> inputs, EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
            IsTraced(inputs)
                ? TypedCall.Run(() => Start(null, options), () => _inner.GenerateEmbeddings(inputs, options, cancellationToken), Read)
                : _inner.GenerateEmbeddings(inputs, options, cancellationToken);

    public override Task<ClientResult<OpenAIEmbeddingCollection>> GenerateEmbeddingsAsync(
        IEnumerable<ReadOnlyMemory<int>> inputs, EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
            IsTraced(inputs)
                ? TypedCall.RunAsync(
                    () => Start(null, options), () => _inner.GenerateEmbeddingsAsync(inputs, options, cancellationToken), Read)
                : _inner.GenerateEmbeddingsAsync(inputs, options, cancellationToken);

    public override ClientResult GenerateEmbeddings(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content)
            ? ProtocolCall.Run(() => Start(null, null), content, content => _inner.GenerateEmbeddings(content, options),
            EmbeddingFormat.Instance)
            : _inner.GenerateEmbeddings(content, options);

    public override Task<ClientResult> GenerateEmbeddingsAsync(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content)
            ? ProtocolCall.RunAsync(
                () => Start(null, null), content, content => _inner.GenerateEmbeddingsAsync(content, options), EmbeddingFormat.Instance)
            : _inner.GenerateEmbeddingsAsync(content, options);

    // The client itself throws for null, so null goes to it unrecorded.
    private static bool IsTraced(object? request) => request is not null && ModelCall.IsWanted(ProbeSpanKind.Embedding);

    private ModelCall Start(List<string>? texts, EmbeddingGenerationOptions? options)
    {
        ModelCall call = _service.Start(ProbeSpanKind.Embedding, _inner.Model, api: null);
        call.SetCount(Conventions.GenAI.Embeddings.DimensionCount, options?.Dimensions);
        if (texts is not null && call.CapturesContent)
            call.Record(texts, static (call, texts) => call.SetTexts([.. texts]));
        return call;
    }

    private static void Read(ModelCall call, ClientResult result) => EmbeddingFormat.Instance.ReadResponse(call, TypedCall.Body(result));
}
