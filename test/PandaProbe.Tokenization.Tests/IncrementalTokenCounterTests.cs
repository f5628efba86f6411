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
        for (var i = 0; i < 150; i++)
        {
            counter.Reset();
            var text = RandomText.Any(random, random.Next(1, 100));
            for (var position = 0; position < text.Length;)
            {
                // One to six characters: often between the halves of a surrogate pair.
                var end = Math.Min(text.Length, position + random.Next(1, 7));
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
            for (var i = 0; i < 5000; i++)
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
            for (var i = 0; i < length; i++)
                counter.Append("a");
            counter.Count.ShouldBeGreaterThan(0);
        }, 10_000);
    }
}
