using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace PandaProbe.Safety.Tests;

/// <summary>What stands in the place of a value.</summary>
public sealed class MaskTests
{
    private const string Text = "Card 4111 1111 1111 1111 of jane@example.com.";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    [Theory]
    [InlineData(SensitiveAction.Mask, "Card [CARD] of [EMAIL].")]
    [InlineData(SensitiveAction.KeepLast, "Card [CARD 1111] of [EMAIL].")]
    [InlineData(SensitiveAction.Drop, "Card  of [EMAIL].")]
    [InlineData(SensitiveAction.DropContent, "[DROPPED]")]
    [InlineData(SensitiveAction.Count, "Card 4111 1111 1111 1111 of [EMAIL].")]
    [InlineData(SensitiveAction.Ignore, "Card 4111 1111 1111 1111 of [EMAIL].")]
    public void An_action_belongs_to_a_type(SensitiveAction action, string expected)
    {
        SensitiveScanner scanner = new(new SafetyOptions { [SensitiveType.PaymentCard] = action }.MaskPersonalData());
        scanner.Mask(Text).Text.ShouldBe(expected);
        scanner.Mask(scanner.Mask(Text).Text).Text.ShouldBe(expected);
        scanner.Mask(Text).Findings.Count.ShouldBe(action == SensitiveAction.Ignore ? 1 : 2);
    }

    [Fact]
    public void A_hash_has_the_form_of_the_compliance_redactor_and_survives_a_second_scan()
    {
        SensitiveScanner scanner =
            new(new SafetyOptions
            {
                [SensitiveType.Email] = SensitiveAction.Hash,
                [SensitiveType.Password] = SensitiveAction.Hash,
                HashKey = Key,
                HashKeyId = 7
            });
        string expected = "7:"
            + Convert.ToBase64String(HMACSHA256.HashData(Key, MemoryMarshal.AsBytes("jane@example.com".AsSpan())).AsSpan(0, 16));
        scanner.Mask("to jane@example.com").Text.ShouldBe("to " + expected);
        string once = scanner.Mask("{\"password\":\"hunter22!\",\"x\":\"password=hunter22!\"}").Text;
        once.ShouldNotContain("hunter");
        scanner.Mask(once).Text.ShouldBe(once);
    }

    [Fact]
    public void By_default_secrets_are_masked_and_personal_data_is_not() =>
        new SensitiveScanner().Mask("jane@example.com has password=hunter22!").Text.ShouldBe("jane@example.com has password=[PASSWORD]");

    [Fact]
    public void Allowed_values_and_domains_are_left_alone()
    {
        SensitiveScanner scanner =
            new(new SafetyOptions { AllowedDomains = { "example.com" }, AllowedValues = { "4111 1111 1111 1111" } }.MaskPersonalData());
        scanner.Mask("jane@mail.Example.com, jane@notexample.com, 4111 1111 1111 1111")
            .Text.ShouldBe("jane@mail.Example.com, [EMAIL], 4111 1111 1111 1111");
    }

    [Theory]
    [InlineData("{\"a\":[1,2,{\"b\":\"x jane@example.com\"}], \"c\" : null }", "{\"a\":[1,2,{\"b\":\"x [EMAIL]\"}], \"c\" : null }")]
    [InlineData("{\"jane@example.com\":1,\"joe@example.com\":2}", "{\"[EMAIL]\":1,\"[EMAIL] (2)\":2}")]
    [InlineData("{\"card\":4111111111111111,\"n\":12}", "{\"card\":\"[CARD]\",\"n\":12}")]
    [InlineData("{\"t\":\"a\\njane@example.com\\u0041\"}", "{\"t\":\"a\\n[EMAIL]\"}")]
    [InlineData("{\"t\":\"j\\u0061ne\\u0040example.com \\\"q\\\"\"}", "{\"t\":\"[EMAIL] \\\"q\\\"\"}")]
    [InlineData("{\"args\":\"{\\\"to\\\":\\\"jane@example.com\\\",\\\"n\\\":1}\"}",
        "{\"args\":\"{\\\"to\\\":\\\"[EMAIL]\\\",\\\"n\\\":1}\"}")]
    [InlineData("{\"password\":\"hunter2x\",\"apiKey\":\"9aF3kLm2Qp8ZxT7vB1\"}", "{\"password\":\"[PASSWORD]\",\"apiKey\":\"[SECRET]\"}")]
    [InlineData("{\"phones\":[\"2125550123\"]}", "{\"phones\":[\"[PHONE]\"]}")]
    [InlineData("\"jane@example.com\"", "\"[EMAIL]\"")]
    [InlineData("{\"lat\":52.52001,\"lon\":13.40495}", "{\"lat\":\"[LOCATION]\",\"lon\":\"[LOCATION]\"}")]
    [InlineData("{\"id\":\"call_abc123def456ghi789jkl012\",\"token\":\"call_abc123def456ghi789jkl012\"}",
        "{\"id\":\"call_abc123def456ghi789jkl012\",\"token\":\"call_abc123def456ghi789jkl012\"}")]
    [InlineData("{ no json: jane@example.com", "{ no json: [EMAIL]")]
    public void Json_stays_json(string json, string expected)
    {
        Sensitive.Mask(json).ShouldBe(expected);
        Sensitive.Mask(expected).ShouldBe(expected);
    }

    [Fact]
    public void Json_in_strings_is_understood_to_the_depth_that_is_set()
    {
        string nested = "{\"password\":\"letmein\"}";
        for (int i = 0; i < 4; i++)
        {
            nested = JsonSerializer.Serialize(new { v = nested });
        }

        Sensitive.Mask(nested).ShouldNotContain("letmein");
        JsonDocument.Parse(Sensitive.Mask(nested)).Dispose();
    }

    [Fact]
    public void Base64_is_looked_into_once()
    {
        string encoded = Convert.ToBase64String("please write to jane@example.com about it"u8.ToArray());
        Sensitive.Mask($"data {encoded} end").ShouldBe("data [EMAIL] end");
    }

    [Theory]
    [InlineData(10, "length")]
    [InlineData(1000, null)]
    public void A_text_over_its_length_is_withheld(int most, string? reason)
    {
        MaskedText masked = new SensitiveScanner(new() { MaxLength = most }).Mask("nothing in here at all");
        masked.Reason.ShouldBe(reason);
        masked.Text.ShouldBe(reason is null ? "nothing in here at all" : "[WITHHELD]");
    }

    [Fact]
    public void A_detector_of_ones_own_is_asked()
    {
        SensitiveScanner scanner = new(new() { Detectors = { new Customers() } });
        scanner.Mask("about CU-12345 and jane@example.com").Text.ShouldBe("about [CUSTOMER] and jane@example.com");
        scanner.Mask("{\"x\":\"about CU-12345\"}").Text.ShouldBe("{\"x\":\"about [CUSTOMER]\"}");
    }

    [Fact]
    public void A_detector_that_throws_costs_the_value_and_its_message_goes_nowhere()
    {
        MaskedText masked = new SensitiveScanner(new() { Detectors = { new Throwing() } }).Mask("{\"a\":\"my secret thing\"}");
        masked.ShouldBe(
            new MaskedText("{\"[WITHHELD]\":\"[WITHHELD]\"}", SafetyOutcome.Withheld, masked.Findings, nameof(InvalidOperationException)));
    }

    [Fact]
    public void A_number_that_a_detector_throws_at_is_withheld() =>
        new SensitiveScanner(new() { Detectors = { new Throwing() } }).Mask("[123456789012,1]").Text.ShouldBe("[\"[WITHHELD]\",1]");

    [Fact]
    public void A_detector_that_takes_too_long_costs_the_value()
    {
        Clock clock = new();
        MaskedText masked = new SensitiveScanner(new() { Detectors = { new Slow(clock) }, TimeProvider = clock }).Mask("my secret thing");
        (masked.Text, masked.Reason).ShouldBe(("[WITHHELD]", "time"));
    }

    [Fact]
    public void A_thread_that_waits_for_a_processor_keeps_its_text()
    {
        // A detector that sleeps uses as much of the processor as a thread that the system lets wait.
        SafetyOptions options = new() { Detectors = { new Sleeping() }, MaxTime = TimeSpan.FromMilliseconds(20) };
        new SensitiveScanner(options).Mask("an ordinary thing").Text.ShouldBe("an ordinary thing");
        options.Detectors.Add(new Busy());
        new SensitiveScanner(options).Mask("an ordinary thing").Reason.ShouldBe("time");
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused()
    {
        Should.Throw<ArgumentException>(() => new SensitiveScanner(new() { [SensitiveType.Email] = SensitiveAction.Hash }));
        Should.Throw<ArgumentException>(() => new SensitiveScanner(new() { HashKey = [1, 2, 3] }));
        Should.Throw<ArgumentException>(() => new SensitiveScanner(new() { MaxLength = 0 }));
    }

    private sealed class Customers : ISensitiveDetector
    {
        public string Name => "customer";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
        {
            int at = text.IndexOf("CU-");
            if (at >= 0)
            {
                matches.Add(at, 8);
            }
        }
    }

    private sealed class Throwing : ISensitiveDetector
    {
        public string Name => "throwing";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches) => throw new InvalidOperationException(text.ToString());
    }

    private sealed class Slow(Clock clock) : ISensitiveDetector
    {
        public string Name => "slow";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches) => clock.Now += TimeSpan.FromMinutes(1).Ticks;
    }

    private sealed class Sleeping : ISensitiveDetector
    {
        public string Name => "sleeping";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches) => Thread.Sleep(30);
    }

    private sealed class Busy : ISensitiveDetector
    {
        public string Name => "busy";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
        {
            TimeSpan start = Scanning.ThreadTime.Now!.Value;
            while (Scanning.ThreadTime.Now!.Value - start < TimeSpan.FromMilliseconds(25))
            {
            }
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
