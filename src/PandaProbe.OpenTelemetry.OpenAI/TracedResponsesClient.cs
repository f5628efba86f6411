using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;
using PandaProbe.Conventions;
using PandaProbe.OpenAI.Json;
using PandaProbe.OpenAI.Protocol;
using PandaProbe.OpenAI.Streams;
using PandaProbe.OpenAI.Typed;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Records the responses that a client creates. The other half of this class forwards all other members.</summary>
internal sealed partial class TracedResponsesClient : ResponsesClient
{
    private readonly ResponsesClient _inner;
    private readonly Service _service;

    // Test doubles have no pipeline.
    private TracedResponsesClient(ResponsesClient inner)
    {
        _inner = inner;
        _service = Service.Of(inner, null);
    }

    private TracedResponsesClient(ResponsesClient inner, ResponsesClientOptions options) : base(inner.Pipeline, options)
    {
        _inner = inner;
        _service = Service.Of(inner, inner.Endpoint);
    }

    public override Uri Endpoint => _inner.Endpoint;

    public static TracedResponsesClient Of(ResponsesClient inner) =>
        inner.Pipeline is null ? new(inner) : new(inner, new ResponsesClientOptions { Endpoint = inner.Endpoint });

    public override ClientResult<ResponseResult> CreateResponse(
        CreateResponseOptions options, CancellationToken cancellationToken = default) =>
            IsTraced(options) ? Trace(options, () => _inner.CreateResponse(options, cancellationToken))
                : _inner.CreateResponse(options, cancellationToken);

    public override Task<ClientResult<ResponseResult>> CreateResponseAsync(
        CreateResponseOptions options, CancellationToken cancellationToken = default) =>
            IsTraced(options) ? TraceAsync(options, () => _inner.CreateResponseAsync(options, cancellationToken))
                : _inner.CreateResponseAsync(options, cancellationToken);

    public override ClientResult<ResponseResult> CreateResponse(
        string model, IEnumerable<ResponseItem> inputItems, string? previousResponseId = null,
        CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputItems))
            return _inner.CreateResponse(model, inputItems, previousResponseId, cancellationToken);

        ICollection<ResponseItem> known = Known(inputItems);
        return Trace(Options(model, known, previousResponseId),
            () => _inner.CreateResponse(model, known, previousResponseId, cancellationToken));
    }

    public override Task<ClientResult<ResponseResult>> CreateResponseAsync(
        string model, IEnumerable<ResponseItem> inputItems, string? previousResponseId = null,
        CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputItems))
            return _inner.CreateResponseAsync(model, inputItems, previousResponseId, cancellationToken);

        ICollection<ResponseItem> known = Known(inputItems);
        return TraceAsync(Options(model, known, previousResponseId),
            () => _inner.CreateResponseAsync(model, known, previousResponseId, cancellationToken));
    }

    public override ClientResult<ResponseResult> CreateResponse(
        string model, string userInputText, string? previousResponseId = null, CancellationToken cancellationToken = default) =>
            IsTraced(userInputText)
                ? Trace(Options(model, userInputText, previousResponseId),
                () => _inner.CreateResponse(model, userInputText, previousResponseId, cancellationToken))
                : _inner.CreateResponse(model, userInputText, previousResponseId, cancellationToken);

    public override Task<ClientResult<ResponseResult>> CreateResponseAsync(
        string model, string userInputText, string? previousResponseId = null, CancellationToken cancellationToken = default) =>
            IsTraced(userInputText)
                ? TraceAsync(Options(model, userInputText, previousResponseId),
                () => _inner.CreateResponseAsync(model, userInputText, previousResponseId, cancellationToken))
                : _inner.CreateResponseAsync(model, userInputText, previousResponseId, cancellationToken);

    public override CollectionResult<StreamingResponseUpdate> CreateResponseStreaming(
        CreateResponseOptions options, CancellationToken cancellationToken = default)
    {
        CollectionResult<StreamingResponseUpdate> updates = _inner.CreateResponseStreaming(options, cancellationToken);
        return IsTraced(options) ? Trace(options, updates) : updates;
    }

    public override AsyncCollectionResult<StreamingResponseUpdate> CreateResponseStreamingAsync(
        CreateResponseOptions options, CancellationToken cancellationToken = default)
    {
        AsyncCollectionResult<StreamingResponseUpdate> updates = _inner.CreateResponseStreamingAsync(options, cancellationToken);
        return IsTraced(options) ? Trace(options, updates) : updates;
    }

    public override CollectionResult<StreamingResponseUpdate> CreateResponseStreaming(
        string model, IEnumerable<ResponseItem> inputItems, string? previousResponseId = null,
        CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputItems))
            return _inner.CreateResponseStreaming(model, inputItems, previousResponseId, cancellationToken);

        ICollection<ResponseItem> known = Known(inputItems);
        return Trace(Options(model, known, previousResponseId),
            _inner.CreateResponseStreaming(model, known, previousResponseId, cancellationToken));
    }

    public override AsyncCollectionResult<StreamingResponseUpdate> CreateResponseStreamingAsync(
        string model, IEnumerable<ResponseItem> inputItems, string? previousResponseId = null,
        CancellationToken cancellationToken = default)
    {
        if (!IsTraced(inputItems))
            return _inner.CreateResponseStreamingAsync(model, inputItems, previousResponseId, cancellationToken);

        ICollection<ResponseItem> known = Known(inputItems);
        return Trace(Options(model, known, previousResponseId),
            _inner.CreateResponseStreamingAsync(model, known, previousResponseId, cancellationToken));
    }

    public override CollectionResult<StreamingResponseUpdate> CreateResponseStreaming(
        string model, string userInputText, string? previousResponseId = null, CancellationToken cancellationToken = default)
    {
        CollectionResult<StreamingResponseUpdate> updates = _inner.CreateResponseStreaming(
            model, userInputText, previousResponseId, cancellationToken);
        return IsTraced(userInputText) ? Trace(Options(model, userInputText, previousResponseId), updates) : updates;
    }

    public override AsyncCollectionResult<StreamingResponseUpdate> CreateResponseStreamingAsync(
        string model, string userInputText, string? previousResponseId = null, CancellationToken cancellationToken = default)
    {
        AsyncCollectionResult<StreamingResponseUpdate> updates = _inner.CreateResponseStreamingAsync(
            model, userInputText, previousResponseId, cancellationToken);
        return IsTraced(userInputText) ? Trace(Options(model, userInputText, previousResponseId), updates) : updates;
    }

    public override ClientResult CreateResponse(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content)
            ? ProtocolCall.Run(() => Start(model: null), content, content => _inner.CreateResponse(content, options),
            ResponsesFormat.Instance)
            : _inner.CreateResponse(content, options);

    public override Task<ClientResult> CreateResponseAsync(BinaryContent content, RequestOptions? options = null) =>
        IsTraced(content)
            ? ProtocolCall.RunAsync(
                () => Start(model: null), content, content => _inner.CreateResponseAsync(content, options), ResponsesFormat.Instance)
            : _inner.CreateResponseAsync(content, options);

    // The client itself throws for null, so null goes to it unrecorded.
    private static bool IsTraced(object? request) => request is not null && ModelCall.IsWanted(ProbeSpanKind.Llm);

    // An IEnumerable may allow one enumeration only, so recording and the inner client share one copy.
    private static ICollection<ResponseItem> Known(IEnumerable<ResponseItem> items) => items as ICollection<ResponseItem> ?? [.. items];

    private static CreateResponseOptions Options(string model, IEnumerable<ResponseItem> items, string? previousResponseId) =>
        new(model, items) { PreviousResponseId = previousResponseId };

    private static CreateResponseOptions Options(string model, string text, string? previousResponseId) =>
        new(model, [ResponseItem.CreateUserMessageItem(text)]) { PreviousResponseId = previousResponseId };

    private ModelCall Start(string? model) => _service.Start(ProbeSpanKind.Llm, model, OpenAINames.Api.Responses);

    private ModelCall Start(CreateResponseOptions request)
    {
        ModelCall call = Start(request.Model);
        if (call.IsRecording)
            call.Record(request, static (call, request) => ResponsesFormat.Instance.ReadRequest(call, TypedCall.Json(request)));
        return call;
    }

    private ClientResult<ResponseResult> Trace(CreateResponseOptions request, Func<ClientResult<ResponseResult>> invoke) =>
        TypedCall.Run(() => Start(request), invoke, Read);

    private Task<ClientResult<ResponseResult>> TraceAsync(CreateResponseOptions request, Func<Task<ClientResult<ResponseResult>>> invoke) =>
        TypedCall.RunAsync(() => Start(request), invoke, Read);

    private TracedUpdates<StreamingResponseUpdate> Trace(
        CreateResponseOptions request, CollectionResult<StreamingResponseUpdate> updates) =>
            new(updates, () => BeginStream(request));

    private TracedAsyncUpdates<StreamingResponseUpdate> Trace(
        CreateResponseOptions request, AsyncCollectionResult<StreamingResponseUpdate> updates) =>
            new(updates, () => BeginStream(request));

    private StreamedAnswer<StreamingResponseUpdate> BeginStream(CreateResponseOptions request)
    {
        ModelCall call = Start(request);
        return new(call, new ResponseUpdateReader(call));
    }

    private static void Read(ModelCall call, ClientResult<ResponseResult> result) =>
        ResponsesFormat.Instance.ReadResponse(call, TypedCall.Body(result));
}
