using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Values;

public sealed class JsonValueTests
{
    /// <summary>A value, and its JSON.</summary>
    public static TheoryData<object?, string> Written => new()
    {
        { null, "null" },
        { "a \"b\" <é>", "\"a \\\"b\\\" <é>\"" },
        { true, "true" },
        { false, "false" },
        { 1, "1" },
        { long.MinValue, "-9223372036854775808" },
        { (short)-3, "-3" },
        { byte.MaxValue, "255" },
        { sbyte.MinValue, "-128" },
        { ushort.MaxValue, "65535" },
        { uint.MaxValue, "4294967295" },
        { (ulong)long.MaxValue, "9223372036854775807" },
        { (ulong)long.MaxValue + 1, "9223372036854775808" },
        { ulong.MaxValue, "18446744073709551615" },
        { 1.5, "1.5" },
        { double.NaN, "\"NaN\"" },
        { double.PositiveInfinity, "\"Infinity\"" },
        { 0.7f, "0.7" },
        { float.NegativeInfinity, "\"-Infinity\"" },
        { 1.50m, "1.50" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "\"2026-01-02T03:04:05.0000000Z\"" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), "\"2026-01-02T03:04:05.0000000+02:00\"" },
        { new DateOnly(2026, 1, 2), "\"2026-01-02\"" },
        { new TimeOnly(3, 4, 5), "\"03:04:05.0000000\"" },
        { new TimeSpan(1, 2, 3, 4), "\"1.02:03:04\"" },
        { Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
        { DayOfWeek.Friday, "\"Friday\"" },
        { 'c', "\"c\"" },
        { new Uri("https://example.com/a?b=c&d"), "\"https://example.com/a?b=c&d\"" },
        { new Version(1, 2, 3), "\"1.2.3\"" },
        { typeof(int), "\"System.Int32\"" },
        { (Half)0.5, "\"0.5\"" },
        { Int128.MinValue, "\"-170141183460469231731687303715884105728\"" },
        { UInt128.MaxValue, "\"340282366920938463463374607431768211455\"" },
        { (nint)(-5), "\"-5\"" },
        { (nuint)5, "\"5\"" },
        { new Rune('r'), "\"r\"" },
        { CultureInfo.InvariantCulture, "\"\"" },
        { new RawJson("""{"a":1}"""), """{"a":1}""" },
        { new RawJson("{no"), "\"{no\"" },
        { JsonElement("""{ "a" : "\u0041" }"""), """{ "a" : "\u0041" }""" },
        { JsonElement("""{ "a" : 1.0 }"""), """{"a":1.0}""" },
        { new List<string> { "ab", "", "c" }, "\"abc\"" },
        { new ReadOnlyMemory<byte>([1, 2, 3, 255]), "\"AQID/w==\"" },
        { new KeyValuePair<string, object?>[] { new("a", 1), new("b", new KeyValuePair<string, object?>[] { new("c", null) }) }, """{"a":1,"b":{"c":null}}""" },
        { new StringBuilder("text"), "\"text\"" },
        { new Silent(), "\"\"" },
        { new Thrower(), "\"PandaProbe.Values.JsonValueTests+Thrower\"" },
    };

    /// <summary>What a caller may keep and change later, and its JSON.</summary>
    public static TheoryData<object?, string> Frozen => new()
    {
        { new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["b"] = "c" } }, """{"a":{"b":"c"}}""" },
        { new SortedDictionary<string, object?> { ["at"] = new DateOnly(2026, 1, 2) }, """{"at":"2026-01-02"}""" },
        { new[] { 1, 2 }, "[1,2]" },
        { JsonElement("[1]"), "[1]" },
        { default(JsonElement), "null" },
        { DayOfWeek.Friday, "\"Friday\"" },
    };

    /// <summary>A frozen value, and the number of characters that it counts with.</summary>
    public static TheoryData<object?, long> Lengths => new()
    {
        { null, 0 },
        { "abc", 3 },
        { new RawJson("[1,2]"), 5 },
        { new List<string> { "ab", "cde" }, 5 },
        { new ReadOnlyMemory<byte>(new byte[30]), 40 },
        { JsonElement("[1,2,3]"), 7 },
        { new KeyValuePair<string, object?>[] { new("key", "value"), new("k", 7) }, 3 + 4 + 5 + 1 + 4 + 8 },
        { 1, 8 },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Every_value_has_one_form_as_json(object? value, string json) => FrozenValue.ToJson(value).ShouldBe(json);

    [Theory]
    [MemberData(nameof(Frozen))]
    public void A_frozen_value_has_the_json_that_it_had(object? value, string json) =>
        FrozenValue.ToJson(FrozenValue.Of(value)).ShouldBe(json);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_frozen_value_counts_with_its_texts_and_names(object? value, long length) => FrozenValue.LengthOf(value).ShouldBe(length);

    [Fact]
    public void Texts_numbers_and_literals_count_towards_the_length_of_a_document()
    {
        Fits("[" + string.Join(',', Enumerable.Repeat("1234567890", 100)) + "]").ShouldBeFalse();
        Fits("[" + string.Join(',', Enumerable.Repeat("true", 250)) + "]").ShouldBeFalse();
        Fits("[" + string.Join(',', Enumerable.Repeat("\"123456789\"", 111)) + "]").ShouldBeFalse();
        Fits("[" + string.Join(',', Enumerable.Repeat("123456789", 100)) + "]").ShouldBeTrue();

        static bool Fits(string json) => JsonText.Fits(Encoding.UTF8.GetBytes(json), 900);
    }

    [Fact]
    public void A_dictionary_that_holds_itself_ends_there()
    {
        Dictionary<string, object?> inner = [];
        Dictionary<string, object?> outer = new() { ["inner"] = inner, ["twice"] = inner };
        inner["outer"] = outer;

        FrozenValue.ToJson(FrozenValue.Of(outer)).ShouldBe("""{"inner":{"outer":null},"twice":{"outer":null}}""");
    }

    [Theory]
    [InlineData("5", 5L, 5.0)]
    [InlineData(5L, 5L, 5.0)]
    [InlineData((short)5, 5L, 5.0)]
    [InlineData((byte)5, 5L, 5.0)]
    [InlineData((uint)5, 5L, 5.0)]
    [InlineData(5f, 5L, 5.0)]
    [InlineData(0, 0L, 0.0)]
    [InlineData(0L, 0L, 0.0)]
    [InlineData(-1, null, -1.0)]
    [InlineData(-1L, null, -1.0)]
    [InlineData(2.5, null, 2.5)]
    [InlineData("2.5", null, 2.5)]
    [InlineData((1L << 53) - 1, (1L << 53) - 1, 9007199254740991.0)]
    [InlineData(1L << 53, null, 9007199254740992.0)]
    [InlineData(9007199254740991.0, (1L << 53) - 1, 9007199254740991.0)]
    [InlineData(9007199254740992.0, null, 9007199254740992.0)]
    [InlineData(double.NaN, null, null)]
    [InlineData("Infinity", null, null)]
    [InlineData("many", null, null)]
    [InlineData(true, null, null)]
    [InlineData(null, null, null)]
    public void Numbers_of_tags_are_counts_when_they_are_whole_and_exact(object? tag, long? count, double? number)
    {
        (TagNumber.TryCount(tag, out long counted) ? counted : (long?)null).ShouldBe(count);
        (TagNumber.TryNumber(tag, out double read) ? read : (double?)null).ShouldBe(number);
    }

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a😀b", 3, "a…")]
    [InlineData("a😀bc", 4, "a😀…")]
    [InlineData("abc", 1, "…")]
    public void Text_is_cut_between_characters(string text, int length, string cut) => JsonText.Cut(text, length).ShouldBe(cut);

    [Theory]
    [InlineData(new[] { 5, 5 }, 10, int.MaxValue)]
    [InlineData(new[] { 5, 6 }, 10, 5)]
    [InlineData(new[] { 30, 2, 30 }, 42, 20)]
    [InlineData(new[] { 3, 9 }, -1, 0)]
    [InlineData(new int[0], 0, int.MaxValue)]
    [InlineData(new int[0], -1, 0)]
    public void Room_is_shared_so_that_short_texts_stay_whole(int[] lengths, long room, int limit) =>
        JsonText.Limit([.. lengths], room).ShouldBe(limit);

    private static JsonElement JsonElement(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private sealed class Silent
    {
        public override string? ToString() => null;
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
