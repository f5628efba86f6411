using System.Text;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Tests;

public sealed class MergeTests
{
    public static TheoryData<string> Encodings => VectorTests.Encodings;

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Merges_random_pieces_as_the_definition_of_byte_pair_encoding_does(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        Vocabulary vocabulary = tokenizer.Definition.Vocabulary;
        var naive = new NaiveBytePairEncoding(tokenizer);
        var random = new Random(42);
        int[] ids = new int[4096];
        for (int i = 0; i < 4000; i++)
        {
            byte[] piece = Piece(random, i % 6);
            int count = vocabulary.Merge(ref piece[0], piece.Length, ids);
            ids.AsSpan(0, count).ToArray().ShouldBeExactly(naive.Merge(piece), Convert.ToHexString(piece));
        }

        byte[] Piece(Random random, int kind)
        {
            var piece = new List<byte>();
            int length = random.Next(1, 80);
            byte[] letters = Encoding.UTF8.GetBytes(
                kind switch { 0 => "ab", 1 => "aeinorst", 2 => " ", 3 => "ABCDEFxyz0123", 4 => "中国的。ー", _ => "" });
            while (piece.Count < length)
            {
                // Whole tokens side by side make neighbours that nearly merge.
                if (kind == 5)
                    piece.AddRange(vocabulary.BytesOf(random.Next(vocabulary.IdLimit - 30)));
                else if (kind == 3 && random.Next(4) == 0)
                    piece.Add((byte)random.Next(256));
                else
                    piece.Add(letters[random.Next(letters.Length)]);
            }

            return [.. piece];
        }
    }

    // Short ones are merged by other code than long ones, and those beyond ASCII than those of ASCII.
    [Theory]
    [MemberData(nameof(Encodings))]
    public void Merges_short_pieces_as_the_definition_does(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        Vocabulary vocabulary = tokenizer.Definition.Vocabulary;
        var naive = new NaiveBytePairEncoding(tokenizer);
        var random = new Random(43);
        int[] ids = new int[10];
        for (int i = 0; i < 40_000; i++)
        {
            byte[] piece = new byte[random.Next(1, 11)];
            for (int at = 0; at < piece.Length; at++)
            {
                piece[at] = (byte)(i % 4 == 0 ? random.Next(128) : random.Next(8) == 0
                    ? random.Next('A', 'Z') : "aaeinorst "[random.Next(10)]);
            }

            if (i % 8 == 0)
                piece[random.Next(piece.Length)] = (byte)random.Next(128, 256);
            int count = vocabulary.Merge(ref piece[0], piece.Length, ids);
            ids.AsSpan(0, count).ToArray().ShouldBeExactly(naive.Merge(piece), Convert.ToHexString(piece));
        }
    }

    [Theory]
    [InlineData("o200k_base", 199_998)]
    [InlineData("cl100k_base", 100_256)]
    [InlineData("p50k_base", 50_280)]
    [InlineData("r50k_base", 50_256)]
    public void Every_token_is_found_and_merging_its_bytes_makes_it(string encoding, int tokens)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        Vocabulary vocabulary = tokenizer.Definition.Vocabulary;
        int[] ids = new int[128];
        int found = 0;
        for (int id = 0; id < vocabulary.IdLimit; id++)
        {
            byte[] bytes = vocabulary.BytesOf(id).ToArray();
            if (bytes.Length == 0)
                continue;

            found++;
            vocabulary.Merge(ref bytes[0], bytes.Length, ids).ShouldBeExactly(1);
            ids[0].ShouldBeExactly(id);

            // No well-formed text has this byte.
            if (!bytes.Contains((byte)0xFF))
                vocabulary.Find(ref bytes[0], bytes.Length, bytes.Length).ShouldBeExactly(id);
        }

        found.ShouldBe(tokens);
    }
}
