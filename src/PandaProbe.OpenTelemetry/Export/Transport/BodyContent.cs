using System.Net;
using System.Net.Http.Headers;

namespace PandaProbe.Export.Transport;

/// <summary>A body that is sent from the pieces it was written into.</summary>
internal sealed class BodyContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly IEnumerable<ArraySegment<byte>> _pieces;
    private readonly long _length;

    public BodyContent(IEnumerable<ArraySegment<byte>> pieces, long length, bool compressed)
    {
        _pieces = pieces;
        _length = length;
        Headers.ContentType = Json;
        if (compressed)
            Headers.ContentEncoding.Add("gzip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (ArraySegment<byte> piece in _pieces)
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
