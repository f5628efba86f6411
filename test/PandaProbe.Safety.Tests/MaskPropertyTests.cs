using System.Text.Json;
using PandaProbe.Safety.Secrets;

namespace PandaProbe.Safety.Tests;

/// <summary>What holds for every action and every kind of value, in generated texts.</summary>
public sealed class MaskPropertyTests
{
    private const int Texts = 3000;

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(SensitiveAction.Mask)]
    [InlineData(SensitiveAction.KeepLast)]
    [InlineData(SensitiveAction.Hash)]
    [InlineData(SensitiveAction.Drop)]
    [InlineData(SensitiveAction.DropContent)]
    public void What_was_treated_once_stays_as_it_is(SensitiveAction action)
    {
        Samples samples = new(400 + (int)action);
        SensitiveScanner scanner = ScannerOf(action);
        int changed = 0;
        for (int i = 0; i < Texts; i++)
        {
            string text = Text(samples);
            MaskedText once = scanner.Mask(text);
            scanner.Mask(once.Text).Text.ShouldBe(once.Text, text);
            changed += once.Text == text ? 0 : 1;
        }

        changed.ShouldBeGreaterThan(Texts * 4 / 5);
    }

    [Fact]
    public void Counting_changes_nothing_and_finds_what_a_scan_finds()
    {
        Samples samples = new(406);
        SensitiveScanner counting = ScannerOf(SensitiveAction.Count);
        for (int i = 0; i < Texts; i++)
        {
            string text = Text(samples);
            MaskedText counted = counting.Mask(text);
            counted.Text.ShouldBe(text);
            if (text[0] != '{')
            {
                counted.Findings.ShouldBe(counting.Scan(text));
            }
        }
    }

    [Fact]
    public void Equal_values_have_equal_hashes_wherever_they_stand()
    {
        Samples samples = new(407);
        SensitiveScanner scanner = ScannerOf(SensitiveAction.Hash);
        for (int i = 0; i < Texts; i++)
        {
            string value = samples.Email();
            string hash = scanner.Mask(value).Text;
            hash.ShouldMatch("^3:[A-Za-z0-9+/]{22}==$");
            scanner.Mask($"to <{value}>, ok").Text.ShouldBe($"to <{hash}>, ok");
            using var json = JsonDocument.Parse(scanner.Mask(JsonSerializer.Serialize(new { text = value })).Text);
            json.RootElement.GetProperty("text").GetString().ShouldBe(hash);
        }
    }

    [Fact]
    public void No_mask_is_a_placeholder_that_a_name_makes_a_credential()
    {
        foreach (SensitiveType type in Enum.GetValues<SensitiveType>())
        {
            string label = type switch
            {
                SensitiveType.PaymentCard => "CARD",
                SensitiveType.BankAccount => "IBAN",
                _ => type.ToString().ToUpperInvariant(),
            };
            Placeholders.IsPlaceholder($"[{label}]").ShouldBeTrue();
            Placeholders.IsPlaceholder($"[{label} aB3-]").ShouldBeTrue();
        }
    }

    private static SensitiveScanner ScannerOf(SensitiveAction action)
    {
        SafetyOptions options = new() { HashKey = Key, HashKeyId = 3 };
        foreach (SensitiveType type in Enum.GetValues<SensitiveType>())
        {
            options[type] = action;
        }

        return new(options);
    }

    private static string Text(Samples samples)
    {
        string text = "";
        for (int i = 1 + samples.Next(4); i > 0; i--)
        {
            text += samples.One("", samples.Prose(samples.Next(4))) + samples.One<Func<string>>(
                () => samples.Secret(out _), () => samples.Assignment(out _), () => samples.Password(out _), samples.Email,
                () => samples.One(samples.Card(out _), samples.Grouped(samples.Card(out _), ' ')), samples.Iban,
                samples.SocialSecurity, () =>
                "+1 212-555-0123", () => "call 030 901820 55", () => "from 10.1.2.3", () => "00:1A:2b:3C:4d:5E",
                () => "born 12/03/1985", () => "52.520008, 13.404954", () => "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
                () => $"postgres://app:{samples.Chars(Samples.Alnum, 9)}@db.local/x",
                () => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("please write to " + samples.Email())),
                () => "q=" + Uri.EscapeDataString(samples.Email()))() + samples.One(" ", ", ", "\n", "\" ", " = ", ": ", "&x=1 ", "; ");
        }

        return samples.Next(3) == 0 ? JsonSerializer.Serialize(new { a = text, password = samples.Chars(Samples.Alnum, 12) }) : text;
    }
}
