namespace PandaProbe.Pricing.Tests;

/// <summary>Laws that hold for any counts, consistent or not; tried with many random ones.</summary>
public class TokenUsageAlgebraTests
{
    private const int Tries = 2000;

    [Fact]
    public void Parts_always_fit_in_their_totals() => ForAll((random, a, b) =>
    {
        foreach (TokenUsage usage in (TokenUsage[])[a, b, a + b, a.UpdatedBy(b)])
        {
            ((usage.CacheRead ?? 0) + (usage.CacheWrite ?? 0)).ShouldBeLessThanOrEqualTo(usage.Input ?? 0);
            ((usage.AudioInput ?? 0) + (usage.ImageInput ?? 0)).ShouldBeLessThanOrEqualTo(usage.Input ?? 0);
            ((usage.AudioOutput ?? 0) + (usage.ImageOutput ?? 0)).ShouldBeLessThanOrEqualTo(usage.Output ?? 0);
            (usage.Reasoning ?? 0).ShouldBeLessThanOrEqualTo(usage.Output ?? 0);
            (usage.CacheWriteOneHour ?? 0).ShouldBeLessThanOrEqualTo(usage.CacheWrite ?? 0);
            (usage.AudioCacheRead ?? 0).ShouldBeLessThanOrEqualTo(Math.Min(usage.AudioInput ?? 0, usage.CacheRead ?? 0));
        }
    });

    [Fact]
    public void Adding_commutes_and_associates_and_nothing_is_its_zero() => ForAll((random, a, b) =>
    {
        TokenUsage c = Any(random);

        (a + b).ShouldBe(b + a);
        ((a + b) + c).ShouldBe(a + (b + c));
        (a + default(TokenUsage)).ShouldBe(a);
    });

    [Fact]
    public void Adding_loses_no_token() => ForAll((random, a, b) => ((a + b).Total ?? 0).ShouldBe((a.Total ?? 0) + (b.Total ?? 0)));

    [Fact]
    public void Updating_with_the_same_or_with_nothing_changes_nothing() => ForAll((random, a, b) =>
    {
        a.UpdatedBy(a).ShouldBe(a);
        a.UpdatedBy(default).ShouldBe(a);
        default(TokenUsage).UpdatedBy(a).ShouldBe(a);
    });

    [Fact]
    public void Normalising_what_is_normal_changes_nothing() => ForAll((random, a, b) =>
    {
        if (a.Input > TokenUsage.MaxCount || a.Output > TokenUsage.MaxCount)
            return;

        var again = TokenUsage.Inclusive(
            a.Input, a.Output, a.CacheRead, a.CacheWrite, a.CacheWriteOneHour, a.Reasoning,
            a.AudioInput, a.AudioOutput, a.AudioCacheRead, a.ImageInput, a.ImageOutput);

        again.Notes.ShouldBe(TokenUsageNotes.None);
        (again.Input, again.Output, again.CacheRead, again.CacheWrite, again.AudioInput, again.AudioCacheRead)
            .ShouldBe((a.Input, a.Output, a.CacheRead, a.CacheWrite, a.AudioInput, a.AudioCacheRead));
    });

    [Fact]
    public void Exclusive_counts_mean_inclusive_ones_with_the_caches_added() => ForAll((random, a, b) =>
    {
        (long input, long read, long write) = (random.NextInt64(10_000), random.NextInt64(10_000), random.NextInt64(10_000));

        TokenUsage.Exclusive(input, 5, read, write).ShouldBe(TokenUsage.Inclusive(input + read + write, 5, read, write));
    });

    [Fact]
    public void A_cost_is_never_negative_and_grows_with_every_call_added() => ForAll((random, a, b) =>
    {
        PriceBook book = PriceBook.Default;
        DateTimeOffset at = DateTimeOffset.UnixEpoch;
        if (!book.TryGetCost("openai", "gpt-realtime", a, at, out Cost one))
            return;

        book.TryGetCost("openai", "gpt-realtime", a + b, at, out Cost both).ShouldBeTrue();
        one.Total.ShouldBeGreaterThanOrEqualTo(0);
        both.Output.ShouldBeGreaterThanOrEqualTo(one.Output);
    });

    private static void ForAll(Action<Random, TokenUsage, TokenUsage> law)
    {
        for (int seed = 0; seed < Tries; seed++)
        {
            var random = new Random(seed);
            law(random, Any(random), Any(random));
        }
    }

    private static TokenUsage Any(Random random)
    {
        long? Count() => random.Next(6) switch
        {
            0 => null,
            1 => 0,
            2 => random.Next(-5, 5),
            3 => random.NextInt64(TokenUsage.MaxCount * 2),
            _ => random.NextInt64(100_000),
        };

        return random.Next(3) == 0
            ? TokenUsage.Exclusive(Count(), Count(), Count(), Count(), Count(), Count())
            : TokenUsage.Inclusive(Count(), Count(), Count(), Count(), Count(), Count(), Count(), Count(), Count(), Count(), Count());
    }
}
