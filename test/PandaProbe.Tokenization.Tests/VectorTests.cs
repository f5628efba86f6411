using System.Text;

namespace PandaProbe.Tokenization.Tests;

public sealed class VectorTests
{
    public static TheoryData<string> Encodings => ["o200k_base", "cl100k_base", "p50k_base", "r50k_base"];

    [Fact]
    public void There_are_vectors() => Vectors.All.Count.ShouldBe(435);

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_vector_has_the_ids_of_the_reference(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        foreach ((string? text, Dictionary<string, ExpectedIds>? expected) in Vectors.All)
        {
            expected[encoding].ShouldMatch(tokenizer.Encode(text), text);
            expected[encoding].ShouldMatch(tokenizer.Encode(Encoding.UTF8.GetBytes(text)), text);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_vector_has_the_count_of_the_reference(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        foreach ((string? text, Dictionary<string, ExpectedIds>? expected) in Vectors.All)
        {
            tokenizer.CountTokens(text).ShouldBe(expected[encoding].Count, text);
            tokenizer.CountTokens(Encoding.UTF8.GetBytes(text)).ShouldBe(expected[encoding].Count, text);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_vector_survives_encoding_and_decoding(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        foreach ((string? text, Dictionary<string, ExpectedIds> _) in Vectors.All)
        {
            // What is not well formed has become U+FFFD on the way.
            tokenizer.Decode(tokenizer.Encode(text)).ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        }
    }
}
