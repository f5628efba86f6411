using System.Text;
using System.Text.Json;
using PandaProbe.Tests;

namespace PandaProbe.Safety.Tests;

/// <summary>Prompts of many megabytes, which are scanned and not withheld.</summary>
public sealed class LongTextTests
{
    private const string Key = "AKIAQXFQZVTB2PQY4VTX";

    private static readonly string Prose = string.Concat(Enumerable.Repeat(new Samples(1).Prose(20_000), 100));

    [Fact]
    public void Ten_million_characters_are_masked_at_their_end_too()
    {
        Prose.Length.ShouldBeGreaterThan(10_000_000);
        MaskedText masked = new SensitiveScanner().Mask(Prose + Key);
        (masked.Outcome, masked.Text.Length).ShouldBe((SafetyOutcome.Found, Prose.Length + "[SECRET]".Length));
        masked.Text.ShouldEndWith("[SECRET]");
        new SensitiveScanner().Mask(JsonSerializer.Serialize(new { content = Prose + Key })).Text.ShouldEndWith("[SECRET]\"}");
    }

    [Fact]
    public void Nothing_is_allocated_for_a_long_text_without_findings()
    {
        SensitiveScanner scanner = new();
        Allocated.By(() => scanner.Scan(Prose)).ShouldBe(0);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(131_000)]
    [InlineData(114_600)]
    [InlineData(900_000)]
    public void Encoded_text_is_decoded_in_parts_that_overlap(int before)
    {
        string text = Prose[..before] + " " + Key + " " + Prose[..2000];
        string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        Sensitive.Mask("data " + base64 + " end").ShouldBe("data [SECRET] end");
        string percent = Uri.EscapeDataString(Prose[..before].Replace(' ', '/') + "jane@example.com");
        Sensitive.Mask("url=" + percent).ShouldEndWith("[EMAIL]");
    }

    [Fact]
    public void A_value_of_any_length_is_masked_as_a_whole()
    {
        string value = new Samples(2).Chars(Samples.Alnum, 50_000);
        Sensitive.Mask($"client_secret={value} x").ShouldBe("client_secret=[SECRET] x");
        Sensitive.Mask($"{{\"client_secret\":\"{value[..9000]}\"}}").ShouldBe("{\"client_secret\":\"[SECRET]\"}");
    }

    [Fact]
    public void The_time_that_a_scan_may_take_grows_with_the_text()
    {
        Slow detector = new();
        SensitiveScanner scanner = new(new() { Detectors = { detector }, TimeProvider = detector });
        scanner.Mask(Prose).Outcome.ShouldBe(SafetyOutcome.Clean);
        scanner.Mask(Prose[..1_000_000]).Reason.ShouldBe("time");
    }

    [Theory]
    [InlineData("token=")]
    [InlineData("token=\"")]
    [InlineData("token=a&b&")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("eyJ.")]
    [InlineData("sk-ant-api03-")]
    [InlineData("bedrock-api-key-ops_eyJ")]
    [InlineData("a@")]
    [InlineData("%25")]
    [InlineData("\u200B1\u200D@")]
    [InlineData("{\"a\":")]
    [InlineData("12 34.")]
    public void A_hostile_text_is_scanned_within_its_time(string part) =>
        Sensitive.Mask(string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length))).ShouldNotBe("[WITHHELD]");

    private sealed class Slow : TimeProvider, ISensitiveDetector
    {
        private long _now;

        public string Name => "slow";

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches) => _now += TimeSpan.FromSeconds(5).Ticks;
    }
}
