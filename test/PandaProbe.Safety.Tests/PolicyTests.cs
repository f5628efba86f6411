namespace PandaProbe.Safety.Tests;

/// <summary>Which action a value gets by its type, the kind of its span, its field and the caller's choice.</summary>
public sealed class PolicyTests
{
    private const string Text = "jane@example.com, 4111 1111 1111 1111";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("TOOL", "input", null, "[EMAIL], [CARD 1111]")]
    [InlineData("TOOL", "output", null, "[DROPPED]")]
    [InlineData("tool", "Output", null, "[DROPPED]")]
    [InlineData("LLM", "output", null, "[EMAIL], [CARD 1111]")]
    [InlineData("LLM", "metadata.customer", null, "jane@example.com, [CARD 1111]")]
    [InlineData("LLM", "metadata.customer.card", null, "jane@example.com, ")]
    [InlineData(null, null, null, "[EMAIL], [CARD 1111]")]
    [InlineData("LLM", "metadata.customer", SensitiveAction.Mask, "jane@example.com, [CARD]")]
    [InlineData("TOOL", "input", SensitiveAction.Count, "[EMAIL], [CARD 1111]")]
    [InlineData("TOOL", "input", SensitiveAction.Drop, ", ")]
    [InlineData("TOOL", "output", SensitiveAction.Mask, "[DROPPED]")]
    [InlineData("TOOL", "input", SensitiveAction.Hash, "[EMAIL], 1:XB5egwTCa5Sr1gJsMox1SA==")]
    public void The_last_rule_that_fits_decides_and_a_choice_only_makes_it_stricter(
        string? spanKind, string? field, SensitiveAction? choice, string expected)
    {
        SafetyPolicy policy = new(new SafetyOptions
        {
            [SensitiveType.PaymentCard] = SensitiveAction.KeepLast,
            HashKey = Key,
            HashKeyId = 1,
            Rules =
            {
                new(SensitiveAction.Ignore) { Type = SensitiveType.Email, Field = "metadata.*" },
                new(SensitiveAction.Drop) { Type = SensitiveType.PaymentCard, Field = "metadata.customer.card" },
                new(SensitiveAction.DropContent) { SpanKind = "TOOL", Field = "output" },
            },
        }.MaskPersonalData());
        policy.ScannerFor(spanKind, field, choice).Mask(Text).Text.ShouldBe(expected);
    }

    [Fact]
    public void Without_rules_the_actions_are_those_of_the_options()
    {
        SafetyOptions options = new() { [SensitiveType.Email] = SensitiveAction.Count };
        SafetyPolicy policy = new(options);
        options[SensitiveType.Email] = SensitiveAction.Drop;
        policy.ActionFor(SensitiveType.Email, "LLM", "input").ShouldBe(SensitiveAction.Count);
        policy.ActionFor(SensitiveType.Secret).ShouldBe(SensitiveAction.Mask);
        policy.ActionFor(SensitiveType.Phone).ShouldBe(SensitiveAction.Ignore);
    }

    [Fact]
    public void A_hash_that_a_caller_asks_for_without_a_key_is_a_mask() =>
        new SafetyPolicy(new SafetyOptions { [SensitiveType.Email] = SensitiveAction.Count })
            .ActionFor(SensitiveType.Email, choice: SensitiveAction.Hash).ShouldBe(SensitiveAction.Mask);

    [Fact]
    public void A_choice_does_not_look_for_what_the_policy_ignores() =>
        new SafetyPolicy().ScannerFor("LLM", "input", SensitiveAction.DropContent).Mask(Text).Text.ShouldBe(Text);

    [Fact]
    public void However_many_fields_there_are_equal_decisions_share_a_scanner()
    {
        SafetyPolicy policy = new(new SafetyOptions { Rules = { new(SensitiveAction.Drop) { Field = "metadata.*" } } });
        Enumerable.Range(0, 1000).SelectMany(i => new[]
        {
            policy.ScannerFor($"KIND{i}", $"field{i}"), policy.ScannerFor($"KIND{i}", $"metadata.key{i}"),
        }).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Rules_that_cannot_work_are_refused()
    {
        Should.Throw<ArgumentException>(() => new SafetyPolicy(new() { Rules = { new(SensitiveAction.Hash) { Field = "input" } } }));
        SafetyOptions many = new();
        for (int i = 0; i < 65; i++)
        {
            many.Rules.Add(new(SensitiveAction.Drop) { Field = $"f{i}" });
        }

        Should.Throw<ArgumentException>(() => new SafetyPolicy(many));
    }
}
