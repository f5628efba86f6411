using PandaProbe.Tests;

namespace PandaProbe.Tokenization.Tests;

[Collection(nameof(Timing))]
public sealed class IncrementalTokenCounterTests
{
    public static TheoryData<string> Encodings => VectorTests.Encodings;

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Counts_at_any_time_what_the_whole_text_counts(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var counter = new IncrementalTokenCounter(tokenizer);
        var random = new Random(5);
        for (int i = 0; i < 150; i++)
        {
            counter.Reset();
            string text = RandomText.Any(random, random.Next(1, 100));
            for (int position = 0; position < text.Length;)
            {
                // One to six characters: often between the halves of a surrogate pair.
                int end = Math.Min(text.Length, position + random.Next(1, 7));
                counter.Append(text.AsSpan(position, end - position));
                position = end;
                if (random.Next(3) == 0)
                    counter.Count.ShouldBe(tokenizer.CountTokens(text.AsSpan(0, end)));
            }

            counter.Count.ShouldBe(tokenizer.CountTokens(text));
        }
    }

    [Fact]
    public void Counts_a_surrogate_whose_other_half_never_comes_as_the_replacement_character()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        var counter = new IncrementalTokenCounter(tokenizer);
        counter.Append("a\uD83D");
        counter.Count.ShouldBe(tokenizer.CountTokens("a\uFFFD"));
        counter.Append("\uDE00");
        counter.Count.ShouldBe(tokenizer.CountTokens("a😀"));
        counter.Append("\uD83D");
        counter.Append("b");
        counter.Count.ShouldBe(tokenizer.CountTokens("a😀\uFFFDb"));
    }

    [Fact]
    public void Keeps_only_the_end_of_the_text_and_allocates_nothing()
    {
        var counter = new IncrementalTokenCounter(Tokenizer.ForModel("gpt-4o"));
        const string Chunk = "The quick brown fox jumps, again and again, over the lazy dog.\n";
        Run();
        Allocated.By(Run).ShouldBe(0);

        void Run()
        {
            for (int i = 0; i < 5000; i++)
            {
                counter.Append(Chunk);
                _ = counter.Count;
            }
        }
    }

    [Fact]
    public void Takes_linear_time_for_one_run_appended_character_by_character()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        LinearTime.Check(length =>
        {
            var counter = new IncrementalTokenCounter(tokenizer);
            for (int i = 0; i < length; i++)
                counter.Append("a");
            counter.Count.ShouldBeGreaterThan(0);
        }, 10_000);
    }

    [Theory]
    [InlineData("one letter")]
    [InlineData("one capital")]
    [InlineData("spaces")]
    [InlineData("newlines")]
    [InlineData("emoji")]
    [InlineData("marks")]
    [InlineData("a caseless letter, then capitals")]
    [InlineData("dashes")]
    [InlineData("slashes")]
    [InlineData("dashes, then newlines")]
    [InlineData("a newline, then spaces")]
    [InlineData("Chinese")]
    [InlineData("small and capital letters")]
    [InlineData("random letters")]
    public void Takes_linear_time_when_asked_after_every_character(string name)
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        LinearTime.Check(length =>
        {
            string text = HostileInputTests.Make(name, length);
            var counter = new IncrementalTokenCounter(tokenizer);
            int count = 0;
            for (int i = 0; i < text.Length; i++)
            {
                counter.Append(text.AsSpan(i, 1));
                count = counter.Count;
            }

            count.ShouldBe(tokenizer.CountTokens(text));
        }, 1_000);
    }

    // Several runs, longer than what is merged again each time, and what may end, join or split them.
    [Theory]
    [MemberData(nameof(Encodings))]
    public void Counts_long_runs_at_any_time(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        var counter = new IncrementalTokenCounter(tokenizer);
        var random = new Random(29);
        string[] runs = ["a", "A", "中", "-", "/", " ", "\n", "\u0301", "🎉", "7", "aB", "Ab中", " \n", "-/", "\u00A0", "'", "ab", "𐐀"];
        string[] between = ["", "", "'s", "'l", "/", "-", "\n", " ", "a", "A", "中", "\u0301", "7", "\uD83D"];
        for (int i = 0; i < 60; i++)
        {
            counter.Reset();
            var text = new System.Text.StringBuilder();
            for (int pieces = random.Next(1, 5); pieces > 0; pieces--)
            {
                Append(string.Concat(Enumerable.Repeat(runs[random.Next(runs.Length)], random.Next(1, 500))), random.Next(1, 40));
                Append(between[random.Next(between.Length)], 1);
            }

            void Append(string run, int step)
            {
                for (int position = 0; position < run.Length; position += step)
                {
                    ReadOnlySpan<char> chunk = run.AsSpan(position, Math.Min(step, run.Length - position));
                    text.Append(chunk);
                    counter.Append(chunk);
                    if (random.Next(4) > 0)
                        counter.Count.ShouldBe(tokenizer.CountTokens(text.ToString()), $"{i}: {text}");
                }
            }
        }
    }
}
