using System.Net;
using System.Net.Http.Headers;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Sending;

/// <summary>A body that is sent from the pieces it was written into.</summary>
internal sealed class BodyContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly RequestBody _body;

    public BodyContent(RequestBody body, bool compressed)
    {
        _body = body;
        Headers.ContentType = Json;
        if (compressed)
            Headers.ContentEncoding.Add("gzip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (ArraySegment<byte> piece in _body.Pieces)
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
