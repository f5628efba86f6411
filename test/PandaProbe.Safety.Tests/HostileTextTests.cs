using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Tests;

/// <summary>Texts that repeat what makes the scanner look closer: the work stays linear, and what stands behind them is found.</summary>
public sealed class HostileTextTests
{
    private const int Length = 256 * 1024;
    private const string Key = "AKIAQXFQZVTB2PQY4VTX";

    public static TheoryData<string> BeginningsOfTokens =>
        ["sk-", "sk-ant-", "bedrock-api-key-/", "bedrock-api-key-+", "bce-v3/ALTAK-glc_", "=sgd_bedrock-api-key-", "ya29.", "sk--"];

    [Theory]
    [MemberData(nameof(BeginningsOfTokens))]
    public void Tails_of_tokens_are_read_again_at_most_three_times(string part)
    {
        TextScan scan = new(Repeated(part), default, new(new SafetyOptions(), All()), default);
        scan.Run();
        scan.SecretRuns.Rereads.ShouldBeLessThan(3 * Length);
    }

    [Theory]
    [MemberData(nameof(BeginningsOfTokens))]
    public void A_key_behind_beginnings_of_tokens_is_found(string part)
    {
        Sensitive.Mask($"{Repeated(part)} {Key} .").ShouldEndWith(" [SECRET] .");
    }

    [Fact]
    public void Addresses_of_wallets_are_found_however_many_there_are()
    {
        const string Address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
        Sensitive.Scan(string.Concat(Enumerable.Repeat(Address + " ", 2000))).Count.ShouldBe(2000);
        Sensitive.Scan(Address.Replace('1', '3')).ShouldBeEmpty();
    }

    [Fact]
    public void A_word_counts_for_each_of_many_numbers_behind_it_and_not_beyond_its_reach()
    {
        string near = "please call 2125550123, ", far = new string('.', 60) + " 2125550123 ";
        string text = string.Concat(Enumerable.Repeat(near + far, 500));
        Sensitive.Mask(text).ShouldBe(string.Concat(Enumerable.Repeat("please call [PHONE], " + far, 500)));
    }

    private static SensitiveAction[] All() => [.. Enum.GetValues<SensitiveType>().Select(static _ => SensitiveAction.Mask)];

    private static string Repeated(string part) => string.Concat(Enumerable.Repeat(part, Length / part.Length));
}
