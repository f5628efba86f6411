namespace PandaProbe.Context;

public sealed class NewestTests
{
    [Fact]
    public void The_oldest_entry_is_forgotten_first_and_a_value_stays()
    {
        Newest<string, int> newest = new(capacity: 2);
        newest.Remember("a", 1);
        newest.Remember("a", 2);
        newest.Remember("b", 3);
        Value("a").ShouldBe(1);

        newest.Remember("c", 4);
        (Value("a"), Value("b"), Value("c")).ShouldBe((null, 3, 4));

        int? Value(string key) => newest.TryGet(key, out int value) ? value : null;
    }
}
