using System.Globalization;

namespace PandaProbe.Pricing.Tests;

public class PriceArithmeticTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset[] Times =
    [
        new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2025, 6, 9, 23, 59, 59, TimeSpan.Zero), new(2025, 6, 10, 0, 0, 0, TimeSpan.Zero),
        new(2026, 3, 12, 23, 59, 59, TimeSpan.Zero), new(2026, 3, 13, 0, 0, 0, TimeSpan.Zero), new(2026, 8, 16, 2, 0, 0, TimeSpan.Zero),
        new(2026, 8, 17, 0, 29, 59, TimeSpan.Zero), new(2026, 8, 17, 0, 30, 0, TimeSpan.Zero), new(2026, 8, 17, 0, 59, 59, TimeSpan.Zero),
        new(2026, 8, 17, 1, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 4, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 9, 59, 59, TimeSpan.Zero),
        new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 16, 30, 0, TimeSpan.Zero),
        Now, new(2026, 12, 31, 23, 59, 59, TimeSpan.Zero), new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        new(2027, 1, 1, 1, 0, 0, TimeSpan.FromHours(2)),
    ];

    public static TheoryData<string> Models => [.. PriceFileExcerpts.Prices.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Costs_equal_the_arithmetic_of_the_price_file(string name)
    {
        (string? provider, string? model) = (name.Split('/')[0], name.Split('/')[1]);
        PriceBook book = PriceBook.Default;
        var random = new Random(7);
        foreach (DateTimeOffset at in Times)
        {
            foreach (long size in (long[])[1, 1_000, 127_999, 200_000, 200_001, 271_999, 272_000, 1_000_000])
            {
                TokenUsage usage = UsageOf(size, random);

                book.TryGetCost(provider, model, usage, at, out Cost cost).ShouldBeTrue();

                cost.Total.ShouldBe(PriceFileArithmetic.Cost(PriceFileExcerpts.Prices[name], usage, at), $"{usage} at {at:O}");
                cost.PriceVersion.ShouldBe(PriceBook.Version);
            }
        }
    }

    [Fact]
    public void Cached_tokens_are_not_paid_for_twice()
    {
        Cost cost = CostOf("openai", "gpt-4o", TokenUsage.Inclusive(input: 1_000_000, output: 100_000, cacheRead: 600_000));

        cost.Input.ShouldBe(1.00m);
        cost.CacheRead.ShouldBe(0.75m);
        cost.Output.ShouldBe(1.00m);
        cost.Total.ShouldBe(2.75m);
    }

    [Fact]
    public void Anthropics_counts_cost_the_same_whichever_way_they_are_counted()
    {
        var asReported = TokenUsage.Exclusive(input: 100, output: 50, cacheRead: 10_000, cacheWrite: 2_000);
        var asOnTheSpan = TokenUsage.Inclusive(input: 12_100, output: 50, cacheRead: 10_000, cacheWrite: 2_000);

        Cost exclusive = CostOf("anthropic", "claude-sonnet-4-6", asReported);
        Cost inclusive = CostOf("anthropic", "claude-sonnet-4-6", asOnTheSpan);

        exclusive.ShouldBe(inclusive);
        exclusive.Total.ShouldBe(((100 * 3m) + (10_000 * 0.3m) + (2_000 * 3.75m) + (50 * 15m)) / 1_000_000);
    }

    [Fact]
    public void A_compaction_is_charged_as_a_request_of_its_own()
    {
        // Together they exceed 200,000 input tokens, where a higher price begins. Neither does alone.
        var usage = TokenUsage.Exclusive(input: 60_000, output: 80, compactionInput: 150_000, compactionOutput: 1_200);

        Cost cost = CostOf("anthropic", "claude-sonnet-4-5", usage);

        usage.Input.ShouldBe(210_000);
        usage.Output.ShouldBe(1_280);
        usage.ShouldBe(TokenUsage.Inclusive(input: 210_000, output: 1_280, compactionInput: 150_000, compactionOutput: 1_200));
        cost.Compaction.ShouldBe(0.45m + 0.018m);
        cost.Input.ShouldBe(0.18m);
        cost.Output.ShouldBe(0.0012m);
        cost.Total.ShouldBe(cost.Compaction + cost.Input + cost.Output);
    }

    [Fact]
    public void A_compaction_larger_than_the_totals_was_reported_beside_them()
    {
        var usage = TokenUsage.Inclusive(input: 100, output: 10, cacheRead: 50, compactionInput: 1_000, compactionOutput: 20);

        usage.Input.ShouldBe(1_150);
        usage.Output.ShouldBe(30);
        usage.Notes.ShouldBe(TokenUsageNotes.InputRaised | TokenUsageNotes.OutputRaised);
    }

    [Fact]
    public void Web_searches_are_charged_beside_the_tokens()
    {
        Cost cost = CostOf("anthropic", "claude-sonnet-4-5", TokenUsage.Exclusive(input: 1_000, webSearches: 3));

        cost.WebSearch.ShouldBe(0.03m);
        cost.Total.ShouldBe(0.033m);
    }

    [Fact]
    public void A_cache_entry_for_one_hour_has_its_own_price()
    {
        Cost cost = CostOf("anthropic", "claude-sonnet-4-6", TokenUsage.Exclusive(input: 0, cacheWrite: 3_000, cacheWriteOneHour: 1_000));

        cost.CacheWrite.ShouldBe(((2_000 * 3.75m) + (1_000 * 6m)) / 1_000_000);
    }

    [Fact]
    public void One_token_above_a_tier_makes_the_whole_request_dearer()
    {
        Cost below = CostOf("openai", "gpt-5.4", TokenUsage.Inclusive(input: 271_999, output: 1_000));
        Cost above = CostOf("openai", "gpt-5.4", TokenUsage.Inclusive(input: 272_000, output: 1_000));

        below.Total.ShouldBe(((271_999 * 2.5m) + (1_000 * 15m)) / 1_000_000);
        above.Total.ShouldBe(((272_000 * 5m) + (1_000 * 22.5m)) / 1_000_000);
    }

    [Fact]
    public void The_price_of_the_day_is_the_one_in_UTC()
    {
        var usage = TokenUsage.Inclusive(input: 1_000_000);

        CostOf("openai", "o3", usage, new DateTimeOffset(2025, 6, 10, 1, 0, 0, TimeSpan.FromHours(2))).Total.ShouldBe(10m);
        CostOf("openai", "o3", usage, new DateTimeOffset(2025, 6, 9, 23, 0, 0, TimeSpan.FromHours(-2))).Total.ShouldBe(2m);
    }

    [Fact]
    public void Audio_has_its_own_price()
    {
        var usage = TokenUsage.Inclusive(input: 1_000, output: 500, cacheRead: 200, audioInput: 600, audioOutput: 400, audioCacheRead: 150);

        Cost cost = CostOf("openai", "gpt-realtime", usage);

        cost.Input.ShouldBe(350 * 4m / 1_000_000);
        cost.AudioInput.ShouldBe(450 * 32m / 1_000_000);
        cost.CacheRead.ShouldBe(200 * 0.4m / 1_000_000);
        cost.Output.ShouldBe(100 * 16m / 1_000_000);
        cost.AudioOutput.ShouldBe(400 * 64m / 1_000_000);
    }

    [Fact]
    public void Audio_that_only_fits_among_the_cached_tokens_is_paid_as_cached()
    {
        Cost cost = CostOf("openai", "gpt-realtime", TokenUsage.Inclusive(input: 1_000, cacheRead: 800, audioInput: 500));

        cost.Input.ShouldBe(0m);
        cost.AudioInput.ShouldBe(200 * 32m / 1_000_000);
        cost.CacheRead.ShouldBe(800 * 0.4m / 1_000_000);
    }

    [Fact]
    public void Images_have_their_own_price()
    {
        Cost cost = CostOf("google", "gemini-2.5-flash-image", TokenUsage.Inclusive(input: 100, output: 1_300, imageOutput: 1_290));

        cost.ImageOutput.ShouldBe(1_290 * 30m / 1_000_000);
        cost.Output.ShouldBe(10 * 2.5m / 1_000_000);
    }

    [Fact]
    public void Reasoning_is_paid_once_as_output() =>
        CostOf("openai", "o3", TokenUsage.Inclusive(input: 0, output: 1_000, reasoning: 900)).Total.ShouldBe(1_000 * 8m / 1_000_000);

    [Fact]
    public void The_parts_add_up_to_the_total()
    {
        var random = new Random(11);
        foreach (string name in PriceFileExcerpts.Prices.Keys)
        {
            Cost cost = CostOf(name.Split('/')[0], name.Split('/')[1], UsageOf(300_000, random));

            decimal text = cost.Input + cost.Output + cost.CacheRead + cost.CacheWrite;
            (text + cost.AudioInput + cost.AudioOutput + cost.ImageInput + cost.ImageOutput + cost.WebSearch + cost.Request)
                .ShouldBe(cost.Total);
        }
    }

    [Fact]
    public void The_largest_counts_do_not_overflow()
    {
        var usage = TokenUsage.Inclusive(input: TokenUsage.MaxCount, output: TokenUsage.MaxCount);

        CostOf("openai", "gpt-5.4-pro", usage).Total.ShouldBe(60_000_000m + 270_000_000m);
    }

    [Theory]
    [InlineData("2.5", 1_000, "0.0025")]
    [InlineData("0.003625", 1, "0.000000003625")]
    [InlineData("0", 1_000, "0")]
    [InlineData("1000000", 1, "1")]
    [InlineData("1000000000", 1_000_000_000_000, "1000000000000000")]
    [InlineData("0.1234567890123456789012", 3, "0.0000003703703670370370367036")]
    public void A_price_is_divided_exactly_and_leaves_no_zeros_behind(string price, long tokens, string cost) =>
        new Rate(decimal.Parse(price, CultureInfo.InvariantCulture), []).Charge(tokens, tokens).ToString(CultureInfo.InvariantCulture)
            .ShouldBe(cost);

    private static Cost CostOf(string provider, string model, TokenUsage usage, DateTimeOffset? at = null)
    {
        PriceBook.Default.TryGetCost(provider, model, usage, at ?? Now, out Cost cost).ShouldBeTrue();
        return cost;
    }

    // Only overlaps that the file's arithmetic accepts: audio beside the cache except for what is said to be in both.
    private static TokenUsage UsageOf(long input, Random random)
    {
        long read = random.NextInt64(input / 4 + 1);
        long write = random.NextInt64(input / 4 + 1);
        long audio = random.NextInt64(input / 4 + 1);
        long output = random.NextInt64(20_000);
        return TokenUsage.Inclusive(
            input, output, read, write, cacheWriteOneHour: random.NextInt64(write + 1), reasoning: random.NextInt64(output + 1),
            audioInput: audio, audioOutput: random.NextInt64(output / 2 + 1), audioCacheRead: random.NextInt64(Math.Min(audio, read) + 1),
            imageInput: random.NextInt64(input / 4 + 1), imageOutput: random.NextInt64(output / 2 + 1),
            webSearches: random.NextInt64(5));
    }
}
