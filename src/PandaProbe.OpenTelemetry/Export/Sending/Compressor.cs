using System.IO.Compression;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Sending;

internal static class Compressor
{
    public static void Compress(RequestBody from, RequestBody to)
    {
        using GZipStream zip = new(new OutputStream(to), CompressionLevel.Fastest);
        foreach (ArraySegment<byte> piece in from.Pieces)
            zip.Write(piece);
    }
}
