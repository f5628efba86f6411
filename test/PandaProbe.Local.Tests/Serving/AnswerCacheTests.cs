using PandaProbe.Local.Serving;

namespace PandaProbe.Local.Tests.Serving;

public sealed class AnswerCacheTests
{
    private const int Kept = 64 << 10;
    private const int Megabyte = 1 << 20;

    private readonly AnswerCache _cache = new();

    [Fact]
    public void An_answer_is_found_for_the_version_that_it_is_about()
    {
        byte[] answer = new byte[Kept];
        _cache.Keep(1, 7, answer);
        _cache.Find(1, 7).ShouldBeSameAs(answer);
        _cache.Find(1, 8).ShouldBeNull("the trace has changed");
        _cache.Find(2, 7).ShouldBeNull("it is another trace");
    }

    [Fact]
    public void A_later_version_takes_the_place_of_an_earlier_one()
    {
        _cache.Keep(1, 7, new byte[Kept]);
        byte[] later = new byte[Kept];
        _cache.Keep(1, 8, later);
        _cache.Find(1, 7).ShouldBeNull();
        _cache.Find(1, 8).ShouldBeSameAs(later);
    }

    [Theory]
    [InlineData(Kept - 1)]
    [InlineData((48 * Megabyte) + 1)]
    public void What_is_made_quickly_and_what_is_larger_than_all_may_be_is_not_kept(int length)
    {
        _cache.Keep(1, 1, new byte[length]);
        _cache.Find(1, 1).ShouldBeNull();
    }

    [Fact]
    public void The_answer_that_was_not_asked_for_longest_makes_room()
    {
        for (int trace = 1; trace <= 3; trace++)
            _cache.Keep((UInt128)trace, 1, new byte[16 * Megabyte]);
        _cache.Find(1, 1).ShouldNotBeNull("three answers of 16 MB are the 48 MB that there may be");
        _cache.Keep(4, 1, new byte[Kept]);
        _cache.Find(2, 1).ShouldBeNull("it was asked for before the others");
        foreach (UInt128 trace in (UInt128[])[1, 3, 4])
            _cache.Find(trace, 1).ShouldNotBeNull();
    }

    [Fact]
    public void What_made_room_is_counted_no_more()
    {
        for (int version = 1; version <= 100; version++)
            _cache.Keep(1, version, new byte[16 * Megabyte]);
        _cache.Keep(2, 1, new byte[16 * Megabyte]);
        _cache.Find(1, 100).ShouldNotBeNull("only one version of it is held");
        _cache.Find(2, 1).ShouldNotBeNull();
    }
}
