using System.Text;

namespace PandaProbe.Tokenization.Tests;

public sealed class IndexOfTokenLimitTests
{
    public static TheoryData<string> Encodings => VectorTests.Encodings;

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Gives_the_longest_prefix_within_the_limit(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var random = new Random(13);
        for (int i = 0; i < 150; i++)
        {
            string text = RandomText.Any(random, random.Next(1, 30));
            int limit = random.Next(0, 25);
            int longest = Longest(TokensOfPrefixes(tokenizer, text), text, limit);
            int found = tokenizer.IndexOfTokenLimit(text, limit);
            found.ShouldBe(longest, $"{limit}: {string.Join(' ', text.Select(character => ((int)character).ToString("X4")))}");

            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            tokenizer.IndexOfTokenLimit(utf8, limit).ShouldBe(Encoding.UTF8.GetByteCount(text.AsSpan(0, found)));
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Holds_in_long_texts(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        string text = RandomText.Any(new Random(17), 20_000) + new string('a', 30_000) + new string(' ', 30_000) + "end";
        int total = tokenizer.CountTokens(text);
        foreach (int limit in (int[])[0, 1, 1000, 5000, total / 2, total - 2000, total - 100, total - 1])
        {
            int end = tokenizer.IndexOfTokenLimit(text, limit);
            tokenizer.CountTokens(text.AsSpan(0, end)).ShouldBeLessThanOrEqualTo(limit);
            (end < text.Length && char.IsLowSurrogate(text[end])).ShouldBeFalse();
            for (int further = end + 1; further < Math.Min(end + 10, text.Length); further++)
                (char.IsLowSurrogate(text[further]) || tokenizer.CountTokens(text.AsSpan(0, further)) > limit).ShouldBeTrue();
        }

        tokenizer.IndexOfTokenLimit(text, total).ShouldBe(text.Length);
        tokenizer.IndexOfTokenLimit(text, int.MaxValue).ShouldBe(text.Length);
    }

    // Spaces at the end are one piece, and may be one token; before something else the last of them is a piece of its own.
    [Theory]
    [InlineData(" \u2028\0", 1)]
    [InlineData("a\u00A0\u00A0\u2167", 2)]
    [InlineData("\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0!", 1)]
    public void Spaces_that_are_fewer_tokens_at_the_end_belong_to_the_prefix(string text, int limit)
    {
        var tokenizer = Tokenizer.ForEncoding("o200k_base");
        tokenizer.CountTokens(text.AsSpan(0, text.Length - 1)).ShouldBe(limit);
        tokenizer.IndexOfTokenLimit(text, limit).ShouldBe(text.Length - 1);
    }

    // The tokens of a run are longest where more of it follows: a longer run may be fewer tokens.
    [Theory]
    [InlineData('=')]
    [InlineData(' ')]
    [InlineData('-')]
    [InlineData('\n')]
    [InlineData('a')]
    public void Gives_the_longest_run(char character)
    {
        foreach (Tokenizer? tokenizer in EncodingDefinition.All.Select(encoding => Tokenizer.ForEncoding(encoding.Name)))
        {
            string text = new string(character, 700) + "!";
            int[] tokens = TokensOfPrefixes(tokenizer, text);
            foreach (int limit in Enumerable.Range(0, 12).Concat(Enumerable.Range(tokens[^1] - 4, 5)))
                tokenizer.IndexOfTokenLimit(text, limit).ShouldBe(Longest(tokens, text, limit), $"{tokenizer.Encoding}, {limit}");
        }
    }

    [Fact]
    public void Ill_formed_UTF8_is_cut_where_the_string_decoded_from_it_is()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        var random = new Random(19);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = new byte[60];
            random.NextBytes(bytes);
            int end = tokenizer.IndexOfTokenLimit(bytes, 20);
            tokenizer.CountTokens(bytes.AsSpan(0, end)).ShouldBeLessThanOrEqualTo(20);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Finds_every_end_of_runs_one_after_the_other(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var random = new Random(23);
        for (int i = 0; i < 20; i++)
        {
            var text = new StringBuilder();
            for (int runs = random.Next(1, 6); runs > 0; runs--)
                text.Append("  a=-\n\t\u00A0\u3000!/'B中\u0301 "[random.Next(16)], random.Next(1, 110));
            string all = text.ToString();
            int[] tokens = TokensOfPrefixes(tokenizer, all);
            for (int limit = 0; limit < tokens[^1]; limit += Math.Max(1, tokens[^1] / 8))
                tokenizer.IndexOfTokenLimit(all, limit).ShouldBe(Longest(tokens, all, limit), $"{i}, {limit}");
        }
    }

    private static int[] TokensOfPrefixes(Tokenizer tokenizer, string text) =>
        [.. Enumerable.Range(0, text.Length + 1).Select(end => tokenizer.CountTokens(text.AsSpan(0, end)))];

    private static int Longest(int[] tokens, string text, int limit) => Enumerable.Range(0, text.Length + 1).Last(end =>
        (end == text.Length || !char.IsLowSurrogate(text[end])) && tokens[end] <= limit);
}
