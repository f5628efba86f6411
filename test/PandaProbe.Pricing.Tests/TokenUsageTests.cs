namespace PandaProbe.Pricing.Tests;

public class TokenUsageTests
{
    [Fact]
    public void Nothing_is_known_of_the_default()
    {
        TokenUsage usage = default;

        usage.IsEmpty.ShouldBeTrue();
        usage.Input.ShouldBeNull();
        usage.CacheRead.ShouldBeNull();
        usage.Total.ShouldBeNull();
    }

    [Fact]
    public void Zero_is_not_the_same_as_unknown()
    {
        var usage = TokenUsage.Inclusive(input: 0);

        usage.Input.ShouldBe(0);
        usage.Output.ShouldBeNull();
        usage.IsEmpty.ShouldBeFalse();
        usage.ShouldNotBe(default);
    }

    [Fact]
    public void Exclusive_input_gets_the_cached_tokens_added()
    {
        var usage = TokenUsage.Exclusive(input: 176, output: 80, cacheRead: 1024, cacheWrite: 300, reasoning: 20);

        usage.ShouldBe(TokenUsage.Inclusive(input: 1500, output: 80, cacheRead: 1024, cacheWrite: 300, reasoning: 20));
        usage.Total.ShouldBe(1580);
        usage.Notes.ShouldBe(TokenUsageNotes.None);
    }

    [Fact]
    public void One_hour_writes_alone_are_writes()
    {
        var usage = TokenUsage.Exclusive(input: 10, cacheWriteOneHour: 100);

        usage.CacheWrite.ShouldBe(100);
        usage.Input.ShouldBe(110);
        usage.Notes.ShouldBe(TokenUsageNotes.None);
    }

    [Fact]
    public void Negative_and_absurd_counts_are_refused_and_noted()
    {
        var usage = TokenUsage.Inclusive(input: -1, output: TokenUsage.MaxCount + 1, cacheRead: long.MinValue, reasoning: long.MaxValue);

        usage.IsEmpty.ShouldBeTrue();
        usage.CacheRead.ShouldBeNull();
        usage.Notes.ShouldBe(TokenUsageNotes.NegativeRefused | TokenUsageNotes.AbsurdRefused);
    }

    [Fact]
    public void Cached_tokens_that_do_not_fit_in_the_input_were_counted_beside_it()
    {
        var usage = TokenUsage.Inclusive(input: 12, cacheRead: 5000);

        usage.Input.ShouldBe(5012);
        usage.Notes.ShouldBe(TokenUsageNotes.InputRaised);
    }

    [Fact]
    public void Reasoning_that_does_not_fit_in_the_output_was_counted_beside_it()
    {
        var usage = TokenUsage.Inclusive(input: 10, output: 5, reasoning: 200);

        usage.Output.ShouldBe(205);
        usage.Notes.ShouldBe(TokenUsageNotes.OutputRaised);
    }

    [Fact]
    public void An_unknown_total_is_at_least_its_parts()
    {
        var usage = TokenUsage.Inclusive(cacheRead: 100, cacheWrite: 20, reasoning: 7);

        usage.Input.ShouldBe(120);
        usage.Output.ShouldBe(7);
        usage.Notes.ShouldBe(TokenUsageNotes.None);
    }

    [Fact]
    public void A_later_report_of_the_same_call_replaces_what_it_knows()
    {
        var start = TokenUsage.Exclusive(input: 25, output: 1, cacheRead: 100);
        var end = TokenUsage.Inclusive(output: 300);

        start.UpdatedBy(end).ShouldBe(TokenUsage.Inclusive(input: 125, output: 300, cacheRead: 100));
    }

    [Fact]
    public void Adding_never_overflows()
    {
        var usage = TokenUsage.Inclusive(input: TokenUsage.MaxCount, output: TokenUsage.MaxCount);
        for (int i = 0; i < 40; i++)
            usage += usage;

        usage.Input!.Value.ShouldBeGreaterThan(0);
        usage.Total!.Value.ShouldBeGreaterThan(0);
    }
}
