using System.IO.Compression;
using System.Text.Json;

namespace PandaProbe.Tokenization.Tests;

/// <summary>Texts and what the reference implementation gives for them.</summary>
internal static class Vectors
{
    private static readonly Lazy<Vector[]> Loaded = new(Load);

    public static IReadOnlyList<Vector> All => Loaded.Value;

    private static Vector[] Load()
    {
        using Stream stream = typeof(Vectors).Assembly.GetManifestResourceStream("vectors")!;
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        var vectors = new List<Vector>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            vectors.Add(new Vector(
                json.RootElement.GetProperty("text").GetString()!,
                json.RootElement.EnumerateObject().Where(property => property.Name != "text").ToDictionary(
                    property => property.Name, property => ExpectedIds.Read(property.Value))));
        }

        return [.. vectors];
    }
}
