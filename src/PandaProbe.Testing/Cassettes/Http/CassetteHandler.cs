using System.Net;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Files;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>Answers requests from a cassette, or sends and records them.</summary>
internal sealed class CassetteHandler(CassetteCalls calls, HttpRequestJson requests) : DelegatingHandler
{
    private readonly object _lock = new();

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = [];
        if (request.Content is { } content)
        {
            using MemoryStream copy = new();
            content.CopyTo(copy, null, cancellationToken);
            body = copy.ToArray();
            Replace(request, content, body);
        }

        JsonNode json = requests.Make(request, body);
        if (calls.Find(json) is { } recording)
            return Replay(recording, json, request);

        OpenRecording open = calls.Begin(json);
        EnsureInner();
        HttpResponseMessage response = base.Send(request, cancellationToken);
        return Record(open, response, response.Content.ReadAsStream(cancellationToken));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = [];
        if (request.Content is { } content)
        {
            body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            Replace(request, content, body);
        }

        JsonNode json = requests.Make(request, body);
        if (calls.Find(json) is { } recording)
            return Replay(recording, json, request);

        OpenRecording open = calls.Begin(json);
        EnsureInner();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return Record(open, response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Some contents can be read once only.</summary>
    private static void Replace(HttpRequestMessage request, HttpContent content, byte[] body)
    {
        ByteArrayContent copy = new(body);
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in content.Headers.NonValidated)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);

        request.Content = copy;
    }

    /// <summary>Behind <c>AddHttpMessageHandler</c> the factory sets the inner handler.</summary>
    private void EnsureInner()
    {
        lock (_lock)
            InnerHandler ??= new SocketsHttpHandler();
    }

    private HttpResponseMessage Record(OpenRecording open, HttpResponseMessage response, Stream body)
    {
        HeaderRules.Know(response.Headers, calls.Mask);
        RecordingStream recorded = new(Decoded(response, body), calls.Options.TimeProvider);
        HttpResponseMessage seen = new(response.StatusCode)
        {
            Version = response.Version,
            ReasonPhrase = response.ReasonPhrase,
            RequestMessage = response.RequestMessage,
            Content = new StreamContent(recorded),
        };
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in response.Headers.NonValidated)
            seen.Headers.TryAddWithoutValidation(header.Key, header.Value);

        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in response.Content.Headers.NonValidated)
            seen.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);

        JsonObject head = RecordedAnswer.Head(response, calls.Mask);
        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        open.Answer(() => RecordedAnswer.Whole(head, recorded, mediaType, calls));
        return seen;
    }

    /// <summary>A file of compressed bytes could be neither read nor masked. Clients take a body without <c>Content-Encoding</c> as it
    /// is.</summary>
    private static Stream Decoded(HttpResponseMessage response, Stream body)
    {
        ICollection<string> encodings = response.Content.Headers.ContentEncoding;
        if (encodings.Count == 0 || ContentDecoding.Decode(body, [.. encodings]) is not { } decoded)
            return body;

        response.Content.Headers.ContentLength = null;
        encodings.Clear();
        return decoded;
    }

    private HttpResponseMessage Replay(RecordedCall recording, JsonNode json, HttpRequestMessage request)
    {
        JsonObject response = recording.Response;
        List<(byte[] Bytes, TimeSpan Pause)> pieces = HttpBody.Read(response);
        if (JsonRpc.Id(recording.Request["body"]) is { } recorded && JsonRpc.Id(json["body"]) is { } current
            && !JsonNode.DeepEquals(recorded, current))
        {
            pieces = [.. pieces.Select(piece => (RecordedAnswer.WithId(piece.Bytes, recorded, current), piece.Pause))];
        }

        ReplayedStream body = new(
            pieces, RecordedAnswer.End(response, request.Method), calls.Options.Pauses ? calls.Options.TimeProvider : null);
        HttpResponseMessage replayed = new((HttpStatusCode)response["status"]!.GetValue<int>())
        {
            RequestMessage = request,
            Content = new StreamContent(body),
        };
        if (response["reason"] is { } reason)
            replayed.ReasonPhrase = reason.GetValue<string>();

        HeaderRules.Read(response["headers"] as JsonObject, replayed);
        return replayed;
    }
}
