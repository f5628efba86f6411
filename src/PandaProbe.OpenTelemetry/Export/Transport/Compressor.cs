using System.IO.Compression;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Transport;

internal static class Compressor
{
    public static ArraySegment<byte> Compress(RequestBody body)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (ArraySegment<byte> piece in body.Pieces)
                zip.Write(piece);
        }

        return new(packed.GetBuffer(), 0, (int)packed.Length);
    }
}
