using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PandaProbe.Tokenization.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<string> Encodings => VectorTests.Encodings;

    private static readonly Gen<string> WellFormed =
        from runes in Gen.ListOf(Gen.OneOf(
            Gen.Choose(0, 0x7F), Gen.Choose(0x80, 0x7FF), Gen.Choose(0x800, 0xD7FF), Gen.Choose(0xE000, 0xFFFF),
            Gen.Choose(0x10000, 0x10FFFF)))
        select string.Concat(runes.Select(value => new Rune(value).ToString()));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Decoding_gives_back_the_text_and_every_way_of_counting_agrees(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        Prop.ForAll(WellFormed.ToArbitrary(), text => ShouldAgree(tokenizer, text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(11, 13));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Random_text_that_meets_the_corners_of_the_patterns_survives_too(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var random = new Random(7);
        for (int i = 0; i < 1500; i++)
            ShouldAgree(tokenizer, RandomText.Any(random, random.Next(1, 60)));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Text_longer_than_the_buffer_has_the_ids_of_the_same_text_as_UTF8(string encoding)
    {
        // UTF-8 is scanned in one go and UTF-16 in parts: no part may show.
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var random = new Random(11);
        for (int i = 0; i < 12; i++)
            ShouldAgree(tokenizer, RandomText.Any(random, 12_000) + new string(" \na'中"[i % 5], 20_000) + RandomText.Any(random, 3000));
    }

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character()
    {
        // Not inline data: the test runner would replace them itself.
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        foreach ((string? text, string? same) in new[] { ("\uD83D", "\uFFFD"), ("\uDE00", "\uFFFD"), ("a\uD83Db", "a\uFFFDb"),
            ("\uDE00\uD83D", "\uFFFD\uFFFD") })
        {
            tokenizer.Encode(text).ShouldBe(tokenizer.Encode(same));
            tokenizer.CountTokens(text).ShouldBe(tokenizer.CountTokens(same));
        }
    }

    [Fact]
    public void Ill_formed_UTF8_counts_as_the_string_decoded_from_it()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = new byte[random.Next(1, i < 290 ? 200 : 50_000)];
            random.NextBytes(bytes);
            string text = Encoding.UTF8.GetString(bytes);
            tokenizer.CountTokens(bytes).ShouldBe(tokenizer.CountTokens(text));
            tokenizer.Encode(bytes).ShouldBeExactly(tokenizer.Encode(text));
        }
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_and_their_ids_decode()
    {
        var tokenizer = Tokenizer.ForEncoding("cl100k_base");
        int[] ids = tokenizer.Encode("<|endoftext|>");
        ids.ShouldNotContain(100_257);
        tokenizer.Decode(ids).ShouldBe("<|endoftext|>");
        tokenizer.Decode([100_257]).ShouldBe("<|endoftext|>");
    }

    private static void ShouldAgree(Tokenizer tokenizer, string text)
    {
        int[] ids = tokenizer.Encode(text);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        tokenizer.Encode(utf8).ShouldBeExactly(ids);
        tokenizer.CountTokens(text).ShouldBe(ids.Length);
        tokenizer.CountTokens(utf8).ShouldBe(ids.Length);
        tokenizer.Decode(ids).ShouldBe(text);
        tokenizer.DecodeToUtf8(ids).ShouldBeExactly(utf8);
        int[] room = new int[ids.Length];
        tokenizer.TryEncode(text, room, out int written).ShouldBeTrue();
        written.ShouldBe(ids.Length);
        room.ShouldBeExactly(ids);
    }
}
