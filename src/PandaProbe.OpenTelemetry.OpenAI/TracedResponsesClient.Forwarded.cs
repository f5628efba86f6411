using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

// Forwards the members that do not create a response. A test reports members that a new version of the package adds.
internal sealed partial class TracedResponsesClient
{
    public override ClientResult<ResponseResult> GetResponse(GetResponseOptions options, CancellationToken cancellationToken = default) =>
        _inner.GetResponse(options, cancellationToken);

    public override Task<ClientResult<ResponseResult>> GetResponseAsync(
        GetResponseOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseAsync(options, cancellationToken);

    public override ClientResult<ResponseResult> GetResponse(string responseId, CancellationToken cancellationToken = default) =>
        _inner.GetResponse(responseId, cancellationToken);

    public override Task<ClientResult<ResponseResult>> GetResponseAsync(string responseId, CancellationToken cancellationToken = default) =>
        _inner.GetResponseAsync(responseId, cancellationToken);

    public override CollectionResult<StreamingResponseUpdate> GetResponseStreaming(
        GetResponseOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseStreaming(options, cancellationToken);

    public override AsyncCollectionResult<StreamingResponseUpdate> GetResponseStreamingAsync(
        GetResponseOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseStreamingAsync(options, cancellationToken);

    public override CollectionResult<StreamingResponseUpdate> GetResponseStreaming(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.GetResponseStreaming(responseId, cancellationToken);

    public override AsyncCollectionResult<StreamingResponseUpdate> GetResponseStreamingAsync(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.GetResponseStreamingAsync(responseId, cancellationToken);

    public override ClientResult GetResponseInputItemCollectionPage(
        string responseId, int? limit, string? order, string? after, string? before, RequestOptions options) =>
            _inner.GetResponseInputItemCollectionPage(responseId, limit, order, after, before, options);

    public override Task<ClientResult> GetResponseInputItemCollectionPageAsync(
        string responseId, int? limit, string? order, string? after, string? before, RequestOptions options) =>
            _inner.GetResponseInputItemCollectionPageAsync(responseId, limit, order, after, before, options);

    public override ClientResult<ResponseItemCollectionPage> GetResponseInputItemCollectionPage(
        ResponseItemCollectionOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItemCollectionPage(options, cancellationToken);

    public override Task<ClientResult<ResponseItemCollectionPage>> GetResponseInputItemCollectionPageAsync(
        ResponseItemCollectionOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItemCollectionPageAsync(options, cancellationToken);

    public override CollectionResult<ResponseItem> GetResponseInputItems(
        ResponseItemCollectionOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItems(options, cancellationToken);

    public override AsyncCollectionResult<ResponseItem> GetResponseInputItemsAsync(
        ResponseItemCollectionOptions options, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItemsAsync(options, cancellationToken);

    public override CollectionResult<ResponseItem> GetResponseInputItems(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItems(responseId, cancellationToken);

    public override AsyncCollectionResult<ResponseItem> GetResponseInputItemsAsync(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.GetResponseInputItemsAsync(responseId, cancellationToken);

    public override ClientResult GetResponse(
        string responseId, IEnumerable<IncludedResponseProperty> include, bool? stream, int? startingAfter, bool? includeObfuscation,
        RequestOptions options) =>
            _inner.GetResponse(responseId, include, stream, startingAfter, includeObfuscation, options);

    public override Task<ClientResult> GetResponseAsync(
        string responseId, IEnumerable<IncludedResponseProperty> include, bool? stream, int? startingAfter, bool? includeObfuscation,
        RequestOptions options) =>
            _inner.GetResponseAsync(responseId, include, stream, startingAfter, includeObfuscation, options);

    public override ClientResult DeleteResponse(string responseId, RequestOptions options) => _inner.DeleteResponse(responseId, options);

    public override Task<ClientResult> DeleteResponseAsync(string responseId, RequestOptions options) =>
        _inner.DeleteResponseAsync(responseId, options);

    public override ClientResult<ResponseDeletionResult> DeleteResponse(string responseId, CancellationToken cancellationToken = default) =>
        _inner.DeleteResponse(responseId, cancellationToken);

    public override Task<ClientResult<ResponseDeletionResult>> DeleteResponseAsync(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.DeleteResponseAsync(responseId, cancellationToken);

    public override ClientResult CancelResponse(string responseId, RequestOptions options) => _inner.CancelResponse(responseId, options);

    public override Task<ClientResult> CancelResponseAsync(string responseId, RequestOptions options) =>
        _inner.CancelResponseAsync(responseId, options);

    public override ClientResult<ResponseResult> CancelResponse(string responseId, CancellationToken cancellationToken = default) =>
        _inner.CancelResponse(responseId, cancellationToken);

    public override Task<ClientResult<ResponseResult>> CancelResponseAsync(
        string responseId, CancellationToken cancellationToken = default) =>
            _inner.CancelResponseAsync(responseId, cancellationToken);

    public override ClientResult GetInputTokenCount(BinaryContent content, string contentType, RequestOptions? options = null) =>
        _inner.GetInputTokenCount(content, contentType, options);

    public override Task<ClientResult> GetInputTokenCountAsync(BinaryContent content, string contentType, RequestOptions? options = null) =>
        _inner.GetInputTokenCountAsync(content, contentType, options);

    public override ClientResult CompactResponse(BinaryContent content, string contentType, RequestOptions? options = null) =>
        _inner.CompactResponse(content, contentType, options);

    public override Task<ClientResult> CompactResponseAsync(BinaryContent content, string contentType, RequestOptions? options = null) =>
        _inner.CompactResponseAsync(content, contentType, options);
}
