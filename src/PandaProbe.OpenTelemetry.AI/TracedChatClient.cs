using System.Diagnostics;
using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.AI;

/// <summary>Records the calls of a chat client.</summary>
internal sealed class TracedChatClient : DelegatingChatClient
{
    private readonly string? _provider;
    private readonly string? _defaultModel;
    private readonly string? _host;
    private readonly int _port;

    public TracedChatClient(IChatClient inner) : base(inner)
    {
        if (inner.GetService(typeof(ChatClientMetadata)) is not ChatClientMetadata metadata)
            return;

        _provider = Providers.Name(metadata.ProviderName);
        _defaultModel = metadata.DefaultModelId;
        if (metadata.ProviderUri is { IsAbsoluteUri: true } uri)
        {
            _host = uri.Host;
            _port = uri.Port;
        }
    }

    /// <summary>Returns our <c>ActivitySource</c> too: function invocation asks its inner client for it to open tool spans.</summary>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        object? service = base.GetService(serviceType, serviceKey);
        return service is null && serviceKey is null && serviceType == typeof(ActivitySource) ? ProbeSource.Instance : service;
    }

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            ModelCall.IsWanted(ProbeSpanKind.Llm)
                ? TraceAsync(messages, options, cancellationToken)
                : InnerClient.GetResponseAsync(messages, options, cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            ModelCall.IsWanted(ProbeSpanKind.Llm)
                ? new StreamedRequest(this, messages, options, cancellationToken).Record()
                : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

    private async Task<ChatResponse> TraceAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ModelCall call = Start(options);
        try
        {
            messages = RecordRequest(call, messages, options);
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            call.Record(response, static (call, response) => ResponseTags.Set(call, response));
            return response;
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

    private ModelCall Start(ChatOptions? options)
    {
        string? model = options?.ModelId ?? _defaultModel;
        var call = ModelCall.Start(ProbeSpanKind.Llm, model, _provider);
        call.SetServer(_host, _port);
        return call;
    }

    private static IEnumerable<ChatMessage> RecordRequest(ModelCall call, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (!call.IsRecording)
            return messages;

        if (options is not null)
            call.Record(options, static (call, options) => RequestTags.Set(call, options));
        if (!call.CapturesContent || messages is null)
            return messages!;

        // An IEnumerable may allow one enumeration only, so recording and the inner client share one copy.
        ICollection<ChatMessage> known = messages as ICollection<ChatMessage> ?? [.. messages];
        call.Record((known, options?.Instructions), static (call, state) => Snapshots.SetInput(call, state.known, state.Instructions));
        return known;
    }

    /// <summary>Creates the request of a stream when enumeration starts.</summary>
    private sealed class StreamedRequest(
        TracedChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
        : IAsyncEnumerable<ChatResponseUpdate>
    {
        private IEnumerable<ChatMessage> _messages = messages;

        public RecordedAsyncStream<ChatResponseUpdate> Record() =>
            new RecordedAsyncStream<ChatResponseUpdate>(
                this, new CallRecorder<ChatResponseUpdate, ChatResponseUpdate>(Begin, static (answer, update) => answer.Read(update)));

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken token)
        {
            // Some clients honour only one of the two tokens, so both get the same one.
            if (!token.CanBeCanceled)
                token = cancellationToken;
            else if (cancellationToken.CanBeCanceled && token != cancellationToken)
                return Linked(token);

            return client.InnerClient.GetStreamingResponseAsync(_messages, options, token).GetAsyncEnumerator(token);
        }

        private StreamedAnswer<ChatResponseUpdate> Begin()
        {
            ModelCall call = client.Start(options);
            StreamedAnswer<ChatResponseUpdate>? answer = null;
            try
            {
                _messages = RecordRequest(call, _messages, options);
                return answer = new(call, new StreamedResponse(call));
            }
            catch (Exception exception) when (call.Saw(exception))
            {
                throw;
            }
            finally
            {
                if (answer is null)
                    call.End();
            }
        }

        private async IAsyncEnumerator<ChatResponseUpdate> Linked(CancellationToken token)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, token);
            await foreach (ChatResponseUpdate update in client.InnerClient.GetStreamingResponseAsync(_messages, options, both.Token)
                .WithCancellation(both.Token).ConfigureAwait(false))
            {
                yield return update;
            }
        }
    }
}
