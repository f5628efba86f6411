using System.IO.Compression;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>Undoes <c>Content-Encoding</c>.</summary>
internal static class ContentDecoding
{
    /// <summary>Returns null where an encoding is not known.</summary>
    public static Stream? Decode(Stream body, IReadOnlyList<string> encodings)
    {
        Stream? decoded = body;
        foreach (string encoding in encodings.Reverse())
        {
            decoded = encoding.ToLowerInvariant() switch
            {
                _ when decoded is null => null,
                "gzip" or "x-gzip" => new GZipStream(decoded, CompressionMode.Decompress),
                "deflate" => new ZLibStream(decoded, CompressionMode.Decompress),
                "br" => new BrotliStream(decoded, CompressionMode.Decompress),
                "identity" => decoded,
                _ => null,
            };
        }

        return decoded;
    }
}
