using System.IO.Compression;

namespace PandaProbe.TokenizerData;

internal static class VectorFile
{
    public static void Write(string path, string vectors)
    {
        using var output = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        output.Write(File.ReadAllBytes(vectors));
    }
}
