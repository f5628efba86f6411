using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Chat;

namespace PandaProbe.OpenAI;

// Forwards the members that do not call a model. A test reports members that a new version of the package adds.
internal sealed partial class TracedChatClient
{
    public override Task<ClientResult<ChatCompletion>> GetChatCompletionAsync(
        string completionId, CancellationToken cancellationToken = default) =>
            _inner.GetChatCompletionAsync(completionId, cancellationToken);

    public override ClientResult<ChatCompletion> GetChatCompletion(string completionId, CancellationToken cancellationToken = default) =>
        _inner.GetChatCompletion(completionId, cancellationToken);

    public override ClientResult<ChatCompletion> UpdateChatCompletion(
        string completionId, IDictionary<string, string>? metadata, CancellationToken cancellationToken = default) =>
            _inner.UpdateChatCompletion(completionId, metadata, cancellationToken);

    public override Task<ClientResult<ChatCompletion>> UpdateChatCompletionAsync(
        string completionId, IDictionary<string, string>? metadata, CancellationToken cancellationToken = default) =>
            _inner.UpdateChatCompletionAsync(completionId, metadata, cancellationToken);

    public override Task<ClientResult<ChatCompletionDeletionResult>> DeleteChatCompletionAsync(
        string completionId, CancellationToken cancellationToken = default) =>
            _inner.DeleteChatCompletionAsync(completionId, cancellationToken);

    public override ClientResult<ChatCompletionDeletionResult> DeleteChatCompletion(
        string completionId, CancellationToken cancellationToken = default) =>
            _inner.DeleteChatCompletion(completionId, cancellationToken);

    public override CollectionResult GetChatCompletions(
        string? after, int? limit, string? order, IDictionary<string, string>? metadata, string? model, RequestOptions options) =>
            _inner.GetChatCompletions(after, limit, order, metadata, model, options);

    public override AsyncCollectionResult GetChatCompletionsAsync(
        string? after, int? limit, string? order, IDictionary<string, string>? metadata, string? model, RequestOptions options) =>
            _inner.GetChatCompletionsAsync(after, limit, order, metadata, model, options);

    public override CollectionResult<ChatCompletion> GetChatCompletions(
        ChatCompletionCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
            _inner.GetChatCompletions(options, cancellationToken);

    public override AsyncCollectionResult<ChatCompletion> GetChatCompletionsAsync(
        ChatCompletionCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
            _inner.GetChatCompletionsAsync(options, cancellationToken);

    public override ClientResult GetChatCompletion(string completionId, RequestOptions options) =>
        _inner.GetChatCompletion(completionId, options);

    public override Task<ClientResult> GetChatCompletionAsync(string completionId, RequestOptions options) =>
        _inner.GetChatCompletionAsync(completionId, options);

    public override ClientResult UpdateChatCompletion(string completionId, BinaryContent content, RequestOptions? options = null) =>
        _inner.UpdateChatCompletion(completionId, content, options);

    public override Task<ClientResult> UpdateChatCompletionAsync(
        string completionId, BinaryContent content, RequestOptions? options = null) =>
            _inner.UpdateChatCompletionAsync(completionId, content, options);

    public override ClientResult DeleteChatCompletion(string completionId, RequestOptions options) =>
        _inner.DeleteChatCompletion(completionId, options);

    public override Task<ClientResult> DeleteChatCompletionAsync(string completionId, RequestOptions options) =>
        _inner.DeleteChatCompletionAsync(completionId, options);

    public override CollectionResult GetChatCompletionMessages(
        string completionId, string? after, int? limit, string? order, RequestOptions options) =>
            _inner.GetChatCompletionMessages(completionId, after, limit, order, options);

    public override AsyncCollectionResult GetChatCompletionMessagesAsync(
        string completionId, string? after, int? limit, string? order, RequestOptions options) =>
            _inner.GetChatCompletionMessagesAsync(completionId, after, limit, order, options);

    public override CollectionResult<ChatCompletionMessageListDatum> GetChatCompletionMessages(
        string completionId, ChatCompletionMessageCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
            _inner.GetChatCompletionMessages(completionId, options, cancellationToken);

    public override AsyncCollectionResult<ChatCompletionMessageListDatum> GetChatCompletionMessagesAsync(
        string completionId, ChatCompletionMessageCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
            _inner.GetChatCompletionMessagesAsync(completionId, options, cancellationToken);
}
