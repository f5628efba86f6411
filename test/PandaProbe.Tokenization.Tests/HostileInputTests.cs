using System.Text;

namespace PandaProbe.Tokenization.Tests;

[Collection(nameof(Timing))]
public sealed class HostileInputTests
{
    private static readonly (string Name, Func<int, string> Make)[] Texts =
    [
        ("one letter", length => new string('a', length)),
        ("an uncommon letter", length => new string('w', length)),
        ("one capital", length => new string('Q', length)),
        ("spaces", length => new string(' ', length)),
        ("spaces, then a letter", length => new string(' ', length) + "a"),
        ("newlines", length => new string('\n', length)),
        ("spaces and newlines", length => Repeat(" \n", length)),
        ("emoji", length => Repeat("🎉", length)),
        ("marks", length => new string('\u0301', length)),
        ("a caseless letter, then capitals", length => "中" + new string('A', length)),
        ("apostrophes", length => new string('\'', length)),
        ("digits", length => new string('7', length)),
        ("dashes", length => new string('-', length)),
        ("slashes", length => new string('/', length)),
        ("dashes, then newlines", length => new string('-', length / 2) + new string('\n', length / 2)),
        ("a newline, then spaces", length => "\n" + new string(' ', length)),
        ("small and capital letters", length => Repeat("aB", length)),
        ("two letters", length => Repeat("ab", length)),
        ("Chinese", length => Repeat("中国的", length)),
        ("random bytes", length => Random(length, 0, 256)),
        ("random letters", length => Random(length, 'a', 'z' + 1)),
        ("random a and b", length => Random(length, 'a', 'c')),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string encoding in (string[])["o200k_base", "cl100k_base", "r50k_base"])
            {
                foreach ((string? name, Func<int, string> _) in Texts)
                    cases.Add(encoding, name);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Takes_linear_time(string encoding, string name)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var texts = new Dictionary<int, string>();
        LinearTime.Check(length =>
        {
            if (!texts.TryGetValue(length, out string? text))
                texts[length] = text = Make(name, length);
            tokenizer.CountTokens(text).ShouldBeGreaterThan(0);
        }, 5_000);
    }

    [Fact]
    public void A_million_times_one_letter_counts_right()
    {
        Tokenizer.ForModel("gpt-4o").CountTokens(new string('a', 1_000_000)).ShouldBe(125_000);
        Tokenizer.ForModel("gpt-4").CountTokens(new string('a', 1_000_000)).ShouldBe(125_000);
    }

    [Theory]
    [InlineData("random letters")]
    [InlineData("an uncommon letter")]
    public void A_limit_within_a_long_run_is_found_in_a_few_times_the_time_of_counting_it(string name)
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        string text = Make(name, 400_000);
        int limit = tokenizer.CountTokens(text) / 2;
        double ratio = double.MaxValue;
        for (int attempt = 0; attempt < 6 && ratio > 15; attempt++)
        {
            ratio = LinearTime.Shortest(() => tokenizer.IndexOfTokenLimit(text, limit)) / LinearTime.Shortest(
                () => tokenizer.CountTokens(text));
        }

        ratio.ShouldBeLessThanOrEqualTo(15);
    }

    // An end is tried only where the run's tokens, all known after one look at it, are within the limit.
    [Theory]
    [InlineData("one letter")]
    [InlineData("dashes")]
    [InlineData("slashes")]
    [InlineData("spaces")]
    [InlineData("newlines")]
    [InlineData("spaces and newlines")]
    [InlineData("emoji")]
    [InlineData("a caseless letter, then capitals")]
    [InlineData("a newline, then spaces")]
    public void A_limit_within_a_run_of_few_tokens_is_found_in_linear_time(string name)
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        LinearTime.Check(length =>
        {
            string text = Make(name, length);
            tokenizer.IndexOfTokenLimit(text, tokenizer.CountTokens(text) / 2).ShouldBeGreaterThan(0);
        }, 4_000);
    }

    [Fact]
    public void A_hundred_megabytes_are_counted()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        const string Sentence = "The quick brown fox jumps over the lazy dog. ";
        int times = 100_000_000 / Sentence.Length;
        string text = new StringBuilder(times * Sentence.Length).Insert(0, Sentence, times).ToString();
        int each = tokenizer.CountTokens(Sentence + Sentence) - tokenizer.CountTokens(Sentence);
        tokenizer.CountTokens(text).ShouldBe(tokenizer.CountTokens(Sentence) + (each * (times - 1)));
    }

    public static string Make(string name, int length) => Texts.Single(text => text.Name == name).Make(length);

    private static string Repeat(string text, int length) =>
        new StringBuilder().Insert(0, text, Math.Max(1, length / text.Length)).ToString();

    private static string Random(int length, int from, int to)
    {
        var random = new Random(9);
        return string.Create(length, random, (span, random) =>
        {
            foreach (ref char character in span)
                character = (char)random.Next(from, to);
        });
    }
}
