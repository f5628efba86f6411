using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using PandaProbe.Conventions;
using PandaProbe.OpenAI.Json;
using PandaProbe.OpenAI.Protocol;
using PandaProbe.OpenAI.Streams;
using PandaProbe.OpenAI.Typed;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Records the completions of a chat client. The other half of this class forwards all other members.</summary>
internal sealed partial class TracedChatClient : ChatClient
{
    private readonly ChatClient _inner;
    private readonly Service _service;
    private readonly Func<ModelCall> _start;

    // Test doubles have no pipeline.
    private TracedChatClient(ChatClient inner)
    {
        _inner = inner;
        _service = Service.Of(inner, inner.Pipeline is null ? null : inner.Endpoint);
        _start = () => _service.Start(ProbeSpanKind.Llm, _inner.Model, OpenAINames.Api.ChatCompletions);
    }

    private TracedChatClient(ChatClient inner, OpenAIClientOptions options) : base(inner.Pipeline, inner.Model, options)
    {
        _inner = inner;
        _service = Service.Of(inner, inner.Endpoint);
        _start = () => _service.Start(ProbeSpanKind.Llm, _inner.Model, OpenAINames.Api.ChatCompletions);
    }

    public static TracedChatClient Of(ChatClient inner) =>
        inner.Pipeline is null || inner.Model is null ? new(inner) : new(inner, new OpenAIClientOptions { Endpoint = inner.Endpoint });

    public override ClientResult<ChatCompletion> CompleteChat(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(messages) ? Trace(messages, options, cancellationToken) : _inner.CompleteChat(messages, options, cancellationToken);

    public override Task<ClientResult<ChatCompletion>> CompleteChatAsync(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(messages) ? TraceAsync(messages, options, cancellationToken)
                : _inner.CompleteChatAsync(messages, options, cancellationToken);

    public override ClientResult<ChatCompletion> CompleteChat(params ChatMessage[] messages) =>
        IsTraced(messages) ? Trace(messages, null, default) : _inner.CompleteChat(messages);

    public override Task<ClientResult<ChatCompletion>> CompleteChatAsync(params ChatMessage[] messages) =>
        IsTraced(messages) ? TraceAsync(messages, null, default) : _inner.CompleteChatAsync(messages);

    public override CollectionResult<StreamingChatCompletionUpdate> CompleteChatStreaming(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(messages) ? TraceStream(messages, options, cancellationToken)
                : _inner.CompleteChatStreaming(messages, options, cancellationToken);

    public override AsyncCollectionResult<StreamingChatCompletionUpdate> CompleteChatStreamingAsync(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null, CancellationToken cancellationToken = default) =>
            IsTraced(messages) ? TraceStreamAsync(messages, options, cancellationToken)
                : _inner.CompleteChatStreamingAsync(messages, options, cancellationToken);

    public override CollectionResult<StreamingChatCompletionUpdate> CompleteChatStreaming(params ChatMessage[] messages) =>
        IsTraced(messages) ? TraceStream(messages, null, default) : _inner.CompleteChatStreaming(messages);

    public override AsyncCollectionResult<StreamingChatCompletionUpdate> CompleteChatStreamingAsync(params ChatMessage[] messages) =>
        IsTraced(messages) ? TraceStreamAsync(messages, null, default) : _inner.CompleteChatStreamingAsync(messages);

    public override ClientResult CompleteChat(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content) ? TraceProtocol(content, options) : _inner.CompleteChat(content, options);

    public override Task<ClientResult> CompleteChatAsync(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content) ? TraceProtocolAsync(content, options) : _inner.CompleteChatAsync(content, options);

    // The client itself throws for null, so null goes to it unrecorded.
    private static bool IsTraced(object? request) => request is not null && ModelCall.IsWanted(ProbeSpanKind.Llm);

    private ClientResult<ChatCompletion> Trace(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options, CancellationToken cancellationToken)
    {
        ICollection<ChatMessage> known = Known(messages);
        return TypedCall.Run(() => Start(known, options), () => _inner.CompleteChat(known, options, cancellationToken), Read);
    }

    private Task<ClientResult<ChatCompletion>> TraceAsync(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options, CancellationToken cancellationToken)
    {
        ICollection<ChatMessage> known = Known(messages);
        return TypedCall.RunAsync(() => Start(known, options), () => _inner.CompleteChatAsync(known, options, cancellationToken), Read);
    }

    private TracedUpdates<StreamingChatCompletionUpdate> TraceStream(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options, CancellationToken cancellationToken)
    {
        ICollection<ChatMessage> known = Known(messages);
        return new(_inner.CompleteChatStreaming(known, options, cancellationToken), () => BeginStream(known, options));
    }

    private TracedAsyncUpdates<StreamingChatCompletionUpdate> TraceStreamAsync(
        IEnumerable<ChatMessage> messages, ChatCompletionOptions? options, CancellationToken cancellationToken)
    {
        ICollection<ChatMessage> known = Known(messages);
        return new(_inner.CompleteChatStreamingAsync(known, options, cancellationToken), () => BeginStream(known, options));
    }

    private ClientResult TraceProtocol(BinaryContent content, RequestOptions? options) =>
        ProtocolCall.Run(_start, content, content => _inner.CompleteChat(content, options), ChatFormat.Instance);

    private Task<ClientResult> TraceProtocolAsync(BinaryContent content, RequestOptions? options) =>
        ProtocolCall.RunAsync(_start, content, content => _inner.CompleteChatAsync(content, options), ChatFormat.Instance);

    // An IEnumerable may allow one enumeration only, so recording and the inner client share one copy.
    private static ICollection<ChatMessage> Known(IEnumerable<ChatMessage> messages) =>
        messages as ICollection<ChatMessage> ?? [.. messages];

    private ModelCall Start(ICollection<ChatMessage> messages, ChatCompletionOptions? options)
    {
        ModelCall call = _start();
        ChatSnapshots.ReadRequest(call, messages, options);
        return call;
    }

    private StreamedAnswer<StreamingChatCompletionUpdate> BeginStream(ICollection<ChatMessage> messages, ChatCompletionOptions? options)
    {
        ModelCall call = Start(messages, options);
        return new(call, new ChatUpdateReader(call, ChatSnapshots.AskForSeveral(options)));
    }

    private static void Read(ModelCall call, ClientResult<ChatCompletion> result) =>
        ChatFormat.Instance.ReadResponse(call, TypedCall.Body(result));
}
