namespace PandaProbe.Testing.Json;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "10e-1")]
    [InlineData("1200", "1.2E+3")]
    [InlineData("0.05", "5e-2")]
    [InlineData("-0.0", "0")]
    [InlineData("-2.50", "-2.5")]
    [InlineData("1e400", "10e399")]
    [InlineData("0e99999999999", "0")]
    [InlineData("""{"a":1,"b":[2]}""", """{ "b": [2.0], "a": 1 }""")]
    [InlineData("\"\\u00fc\"", "\"ü\"")]
    public void Forms_of_the_same_value_do_not_differ(string expected, string actual) => Difference(expected, actual).ShouldBeNull();

    [Theory]
    [InlineData("9007199254740992", "9007199254740993", "$ should be 9007199254740992 and is 9007199254740993")]
    [InlineData("0.1234567890123456789012345678901", "0.1234567890123456789012345678902",
        "$ should be 0.1234567890123456789012345678901 and is 0.1234567890123456789012345678902")]
    [InlineData("1e99999999999", "1e99999999998", "$ should be 1e99999999999 and is 1e99999999998")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2,3]}""", "$.a[2] is 3 and is not expected")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", "$.a[1] should be 2 and is missing")]
    [InlineData("""{"a b":{"c":null}}""", """{"a b":{}}""", "$['a b'].c should be null and is missing")]
    [InlineData("\"1\"", "1", "$ should be \"1\" and is 1")]
    public void The_first_difference_is_named(string expected, string actual, string difference) =>
        Difference(expected, actual).ShouldBe(difference);

    [Fact]
    public void A_subset_lets_objects_have_more_and_arrays_not()
    {
        Difference("""{"a":{"b":1}}""", """{"a":{"b":1,"c":2},"d":3}""", allowsMore: true).ShouldBeNull();
        Difference("""{"a":[1]}""", """{"a":[1,2]}""", allowsMore: true).ShouldBe("$.a[1] is 2 and is not expected");
    }

    private static string? Difference(string expected, string actual, bool allowsMore = false) =>
        JsonDifference.First(CanonicalJson.Read(expected), CanonicalJson.Read(actual), allowsMore);
}
