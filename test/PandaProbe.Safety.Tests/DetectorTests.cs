namespace PandaProbe.Safety.Tests;

/// <summary>Each kind of value by example.</summary>
public sealed class DetectorTests
{
    [Theory]
    [InlineData(SensitiveType.IPAddress, "from 10.0.0.1 now", "10.0.0.1")]
    [InlineData(SensitiveType.IPAddress, "saw 192.168.171.22 twice", "192.168.171.22")]
    [InlineData(SensitiveType.IPAddress, "http://203.0.113.7:8080/x", "203.0.113.7")]
    [InlineData(SensitiveType.IPAddress, "at 2001:db8:85a3::8a2e:370:7334.", "2001:db8:85a3::8a2e:370:7334")]
    [InlineData(SensitiveType.IPAddress, "[fe80:0:0:0:204:61ff:fe9d:f156]", "fe80:0:0:0:204:61ff:fe9d:f156")]
    [InlineData(SensitiveType.MacAddress, "nic 00:1A:2b:3C:4d:5E up", "00:1A:2b:3C:4d:5E")]
    [InlineData(SensitiveType.BirthDate, "She was born on 12/03/1985 in Rome", "12/03/1985")]
    [InlineData(SensitiveType.BirthDate, "\"date_of_birth\": \"1985-03-12\"", "1985-03-12")]
    [InlineData(SensitiveType.BirthDate, "geboren am 12.03.1985", "12.03.1985")]
    [InlineData(SensitiveType.Location, "at 52.520008, 13.404954 today", "52.520008, 13.404954")]
    [InlineData(SensitiveType.Location, "{\"lat\": 52.5200, \"x\": 1}", "52.5200")]
    [InlineData(SensitiveType.CryptoAddress, "send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa please", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData(SensitiveType.CryptoAddress, "or 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy")]
    [InlineData(SensitiveType.CryptoAddress, "or bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq.",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")]
    [InlineData(SensitiveType.CryptoAddress, "or 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData(SensitiveType.Password, "postgres://app:s3cret!@db.local/x", "s3cret!")]
    [InlineData(SensitiveType.Password, "Server=x;Password=Abc12&d9;", "Abc12&d9")]
    [InlineData(SensitiveType.Secret, "Authorization: Bearer 9aF3kLm2Qp8ZxT7vB1nC4dE6", "9aF3kLm2Qp8ZxT7vB1nC4dE6")]
    [InlineData(SensitiveType.Secret, "curl -H 'Authorization: Basic dXNlcjpwYXNzd29yZDEyMw=='", "dXNlcjpwYXNzd29yZDEyMw==")]
    [InlineData(SensitiveType.Secret, "https://hooks.slack.com/services/T01234567/B01234567/aBcDeFgHiJkLmNoPqRsT1234",
        "aBcDeFgHiJkLmNoPqRsT1234")]
    [InlineData(SensitiveType.Secret,
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")]
    [InlineData(SensitiveType.Email, "https://api.example/v1/organisations/3a9b/departments/sales/people/by-address/jane@example.com",
        "jane@example.com")]
    [InlineData(SensitiveType.Email, "q=jane%40example.com&x=1", "jane%40example.com")]
    public void It_is_found(SensitiveType type, string text, string value)
    {
        int start = text.IndexOf(value, StringComparison.Ordinal);
        Sensitive.Scan(text)
            .ShouldContain(
                finding => finding.Type == type && finding.Start <= start && finding.End >= start + value.Length,
            string.Join(", ", Sensitive.Scan(text)));
    }

    [Theory]
    [InlineData("born 12/03/1985 536-90-4399", "born [BIRTH_DATE] [NATIONAL_ID]")]
    [InlineData("on 2024-01-05 536-90-4399", "on 2024-01-05 [NATIONAL_ID]")]
    [InlineData("+1 212-555-0123 4111 1111 1111 1111", "[PHONE] [CARD]")]
    [InlineData("030 901820 55 536-90-4399", "[PHONE] [NATIONAL_ID]")]
    [InlineData("7 52.520008, 13.404954", "7 [LOCATION]")]
    [InlineData("4111 1111 1111 1111 12/03/1985", "[CARD] 12/03/1985")]
    [InlineData("+4915123430634", "[PHONE]")]
    public void Numbers_with_a_space_between_are_found_each(string text, string expected) => Sensitive.Mask(text).ShouldBe(expected);

    [Theory]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb is no address")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD has a wrong capital")]
    [InlineData("icon@2x.png and lodash@4.17.21 and git@github.com:a/b")]
    [InlineData("at 12:30:45 on 2026-11-21T10:20:30.123456Z")]
    [InlineData("Version=10.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089")]
    [InlineData("upgrade to version 192.168.171.220")]
    [InlineData("the meeting on 12/03/1985 went well")]
    [InlineData("password: string; token: CancellationToken; secret = GetSecret(name)")]
    [InlineData("api_key = os.environ['OPENAI_API_KEY'] and key=your-api-key-here-1234567890")]
    [InlineData("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("-----BEGIN PRIVATE KEY----- is how one begins")]
    [InlineData("order 4111 1111 1111 1112 and id 1234567890123456")]
    [InlineData("pi is 3.14159265358979 and 0.4111111111111111")]
    [InlineData("https://example.com/a:b@c and 10:20 and x::y")]
    [InlineData("$1,234,567.89 or 1.234.567,89 or 100 000 000")]
    public void It_is_left_alone(string text) => Sensitive.Scan(text).ShouldBeEmpty();

    [Fact]
    public void A_private_key_is_one_finding_from_its_first_to_its_last_dash()
    {
        string key =
            $"-----BEGIN RSA PRIVATE KEY-----\n{new Samples(1).Chars(Samples.Alnum + "+/", 64)}\n{new Samples(2).Chars(Samples.Alnum + "+/", 64)}\n-----END RSA PRIVATE KEY-----";
        foreach (int before in Enumerable.Range(0, 130))
        {
            string text = new string('x', before) + "\n" + key + "\nafter";
            Sensitive.Mask(text).ShouldBe(new string('x', before) + "\n[PRIVATE_KEY]\nafter");
        }
    }

    [Fact]
    public void A_wrong_checksum_makes_a_github_token_less_sure()
    {
        string right = "ghp_", wrong = "";
        while (!right.StartsWith("ghp_", StringComparison.Ordinal) || right.Length != 40)
        {
            right = new Samples(wrong.Length).Secret(out _);
            wrong += "x";
        }

        Sensitive.Scan(right).ShouldHaveSingleItem().Confidence.ShouldBe(SensitiveConfidence.High);
        Sensitive.Scan(right[..^1] + (right[^1] == 'a' ? 'b' : 'a')).ShouldHaveSingleItem().Confidence.ShouldBe(SensitiveConfidence.Medium);
    }

    [Fact]
    public void A_value_is_found_wherever_it_stands_in_a_block()
    {
        foreach (string value in new[] { "jane@example.com", "4111 1111 1111 1111", "AKIAQXFQZVTB2PQY4VTX", "+49 30 901820",
            "DE89 3704 0044 0532 0130 00" })
        {
            for (int before = 0; before < 140; before++)
            {
                string text = new string('.', before) + " " + value + " " + new string(',', 140 - before);
                SensitiveFinding found = Sensitive.Scan(text).ShouldHaveSingleItem($"{value} at {before}");
                (found.Start, found.Length).ShouldBe((before + 1, value.Length));
            }
        }
    }

    [Fact]
    public void Secrets_of_at_least_a_hundred_vendors_are_known() =>
        Secrets.SecretForms.Forms.Select(form => form.Vendor).Distinct().Count().ShouldBeGreaterThanOrEqualTo(100);
}
