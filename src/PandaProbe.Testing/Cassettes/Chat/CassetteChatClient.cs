using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using PandaProbe.Testing.Cassettes.Files;

namespace PandaProbe.Testing.Cassettes.Chat;

/// <summary>Answers the calls of a chat client from a cassette, or sends and records them.</summary>
internal sealed class CassetteChatClient(CassetteCalls calls, IChatClient? inner) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        messages = [.. messages];
        JsonNode request = Request("GetResponse", messages, options);
        if (calls.Find(request) is { } recording)
        {
            return recording.Response["exception"] is JsonObject exception
                ? throw RecordedException.Make(exception) : ChatJson.Read<ChatResponse>(recording.Response["answer"]!);
        }

        OpenRecording open = calls.Begin(request);
        JsonObject written = NewResponse();
        ChatResponse response;
        try
        {
            response = await Inner.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            written["exception"] = RecordedException.Write(exception, calls.Mask);
            open.Answer(() => written);
            throw;
        }

        written["answer"] = calls.Mask.Mask(ChatJson.Write(response));
        open.Answer(() => written);
        return response;
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        messages = [.. messages];
        JsonNode request = Request("GetStreamingResponse", messages, options);
        return StreamAsync(request, messages, options, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return inner?.GetService(serviceType, serviceKey) is { } service ? service
            : serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(ChatClientMetadata) ? RecordedMetadata() : null;
    }

    public void Dispose() => inner?.Dispose();

    private IChatClient Inner => inner
        ?? throw new CassetteException(
        "The call cannot be recorded, because there is no client to send it.\n\nGive one:  cassette.CreateChatClient(client)");

    private JsonNode Request(string call, IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        calls.Form.Normalize(calls.Mask.Mask(ChatJson.Request(call, messages, options)))!;

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        JsonNode request, IEnumerable<ChatMessage> messages, ChatOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (calls.Find(request) is { } recording)
        {
            await foreach (ChatResponseUpdate update in ReplayAsync(recording.Response, cancellationToken).ConfigureAwait(false))
                yield return update;

            yield break;
        }

        OpenRecording open = calls.Begin(request);
        RecordedUpdates recorded = new(NewResponse(), calls);
        await using IAsyncEnumerator<ChatResponseUpdate> updates =
            Inner.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    break;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                recorded.Failure = exception;
                open.Answer(recorded.Write);
                throw;
            }

            recorded.Add(updates.Current);
            open.Answer(recorded.Write);
            yield return updates.Current;
        }

        recorded.IsComplete = true;
        open.Answer(recorded.Write);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReplayAsync(
        JsonObject response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (JsonNode? row in response["updates"] as JsonArray ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            (ChatResponseUpdate update, TimeSpan pause) = RecordedUpdates.Read(row!);
            if (calls.Options.Pauses && pause > TimeSpan.Zero)
                await Task.Delay(pause, calls.Options.TimeProvider, cancellationToken).ConfigureAwait(false);

            yield return update;
        }

        if (response["exception"] is JsonObject exception)
            throw RecordedException.Make(exception);

        if (RecordedEnd.IsEarly(response))
            throw RecordedEnd.Failure();
    }

    /// <summary>The metadata are on every recording of a chat client, because spans name the provider.</summary>
    private JsonObject NewResponse()
    {
        JsonObject response = [];
        if (Inner.GetService(typeof(ChatClientMetadata)) is not ChatClientMetadata metadata)
            return response;

        JsonObject client = [];
        Set("provider", metadata.ProviderName);
        Set("address", metadata.ProviderUri?.GetLeftPart(UriPartial.Path));
        Set("model", metadata.DefaultModelId);
        response["client"] = client;
        return response;

        void Set(string name, string? value)
        {
            if (value is not null)
                client[name] = calls.Mask.Mask(value);
        }
    }

    private ChatClientMetadata? RecordedMetadata() =>
        calls.Recordings.Select(recording => recording.Response["client"]).FirstOrDefault(client => client is not null) is { } client
            ? new(
                client["provider"]?.GetValue<string>(), client["address"] is { } address ? new Uri(address.GetValue<string>()) : null,
                client["model"]?.GetValue<string>())
            : null;
}
