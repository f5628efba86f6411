using System.Globalization;
using System.Numerics;
using System.Text;

namespace PandaProbe.Safety.Tests;

/// <summary>Makes values and texts from a seed. It shares no table with the library: issuers, countries and vendors are written down
/// again.</summary>
public sealed class Samples(int seed)
{
    public const string Alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    public const string Hex = "0123456789abcdef";
    public const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";
    public const string Url = Alnum + "_-";

    private static readonly string[] Words =
        ("the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will more no if out so said what up "
        + "its about into than them can only other new some could time these two may then do first any my now such like our over man me even most made after also did many before must through back years where much your way well down "
        + "should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since "
        + "against go came right used take three system data model answer question request result document table invoice customer order meeting report").Split(' ');

    private readonly Random _random = new(seed);

    public int Next(int max) => _random.Next(max);

    public T One<T>(params T[] values) => values[_random.Next(values.Length)];

    public string Chars(string alphabet, int count) =>
        new([.. Enumerable.Range(0, count).Select(_ => alphabet[_random.Next(alphabet.Length)])]);

    public string Digits(int count) => Chars("0123456789", count);

    public string Prose(int words)
    {
        StringBuilder text = new();
        for (int i = 0; i < words; i++)
        {
            string word = One(Words);
            text.Append(i == 0 || text[^2] == '.' ? char.ToUpperInvariant(word[0]) + word[1..] : word)
                .Append(_random.Next(12) == 0 ? ". " : " ");
        }

        return text.ToString();
    }

    public string Card(out string issuer)
    {
        (issuer, string prefix, int length) = One(
            ("visa", "4", 16), ("mastercard", "5" + (1 + Next(5)), 16),
                ("mastercard", "2" + (2221 + Next(500)).ToString(CultureInfo.InvariantCulture)[1..], 16), ("amex", One("34", "37"), 15),
                ("discover", "6011", 16),
            ("discover", "65", 16), ("jcb", "35" + (28 + Next(62)), 16), ("diners", One("36", "38"), 14), ("unionpay", "62", 16));
        return Luhn(prefix + Digits(length - prefix.Length - 1));
    }

    /// <summary>Cards of unusual lengths, which only a word makes cards.</summary>
    public string DoubtfulCard()
    {
        (string prefix, int length) =
            One(("5018", 12), ("6304", 13), ("6759", 18), ("6763", 19), ("4", 13), ("4", 19), ("62", 19), ("5020", 15));
        return Luhn(prefix + Digits(length - prefix.Length - 1));
    }

    public string Grouped(string card, char separator)
    {
        int[] groups =
            card.Length switch
            {
                15 => [4, 6, 5],
                14 => [4, 6, 4],
                _ =>
            [.. Enumerable.Repeat(4, card.Length / 4), .. card.Length % 4 > 0 ? new[] { card.Length % 4 } : []]
            };
        StringBuilder text = new();
        int at = 0;
        foreach (int group in groups)
        {
            text.Append(at > 0 ? separator.ToString() : "").Append(card.AsSpan(at, group));
            at += group;
        }

        return text.ToString();
    }

    public static string Luhn(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return digits + ((10 - (sum % 10)) % 10);
    }

    public string Iban()
    {
        (string country, string account) = One(
            ("DE", Digits(18)), ("GB", Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + Digits(14)),
                ("FR", Digits(10) + Chars("ABCDEFGHIJK0123456789", 11) + Digits(2)),
                ("NL", Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + Digits(10)), ("ES", Digits(20)),
            ("IT", Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1) + Digits(10) + Chars("ABCDEF0123456789", 12)), ("PL", Digits(24)),
                ("CH", Digits(5) + Chars("ABCDEF0123456789", 12)), ("SE", Digits(20)), ("NO", Digits(11)), ("BE", Digits(12)),
            ("MT", Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + Digits(5) + Chars("ABCDEF0123456789", 18)),
                ("SA", Digits(2) + Chars("ABCDEF0123456789", 18)), ("AE", Digits(19)));
        StringBuilder number = new();
        foreach (char c in account + country + "00")
        {
            number.Append(char.IsDigit(c) ? c - '0' : c - 'A' + 10);
        }

        return country + (98 - (int)(BigInteger.Parse(number.ToString(), CultureInfo.InvariantCulture) % 97))
            .ToString("D2", CultureInfo.InvariantCulture) + account;
    }

    public static string InFours(string text) => string.Join(' ', text.Chunk(4).Select(chunk => new string(chunk)));

    public string Email() =>
        One("jane", "j.doe", "anna-maria", "bob_smith", "x+tag", "m.o'neil", "müller", "info", "a", "first.last")
            + (Next(2) == 0 ? Next(999).ToString(CultureInfo.InvariantCulture) : "") + "@"
        + One("example", "mail.company", "my-firm", "uni.dept", "sub.a-b.c", "123reg", "xn--mller-kva") + "."
            + One("com", "org", "de", "co.uk", "io", "museum", "photography", "xn--p1ai", "travel", "ai");

    public string SocialSecurity()
    {
        int area = One(1 + Next(664), 667 + Next(232));
        return $"{area:D3}-{1 + Next(98):D2}-{1 + Next(9998):D4}";
    }

    /// <summary>A key of a vendor, whose form is that of the vendor's documentation.</summary>
    public string Secret(out string vendor)
    {
        (vendor, string value) = One<Func<(string, string)>>(
            () => ("github", GitHub("ghp_")), () => ("github", GitHub("gho_")), () =>
                ("github", "github_pat_" + Chars(Alnum, 22) + "_" + Chars(Alnum, 59)), () => ("gitlab", "glpat-" + Chars(Url, 20)), () =>
                    ("aws", "AKIA" + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
            () => ("aws", "ASIA" + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)), () =>
                ("openai", "sk-proj-" + Chars(Url, 74) + "T3BlbkFJ" + Chars(Url, 74)), () =>
                    ("openai", "sk-" + Chars(Alnum, 20) + "T3BlbkFJ" + Chars(Alnum, 20)), () =>
                        ("anthropic", "sk-ant-api03-" + Chars(Url, 93) + "AA"),
            () => ("google", "AIza" + Chars(Url, 35)), () => ("google", "GOCSPX-" + Chars(Url, 28)), () =>
                ("google", "ya29." + Chars(Url, 120)), () => ("slack", "xoxb-" + Digits(12) + "-" + Digits(12) + "-" + Chars(Alnum, 24)),
                () => ("slack", "xapp-1-A" + Chars("ABCDEFGHIJ0123456789", 10) + "-" + Digits(13) + "-" + Chars(Hex, 64)),
            () => ("stripe", One("sk", "rk") + "_" + One("live", "test") + "_" + Chars(Alnum, One(24, 99))), () =>
                ("stripe", "whsec_" + Chars(Alnum, 32)), () => ("twilio", "SK" + Chars(Hex, 32)), () =>
                    ("sendgrid", "SG." + Chars(Url, 22) + "." + Chars(Url, 43)), () => ("mailgun", "key-" + Chars(Hex, 32)),
            () => ("mailchimp", Chars(Hex, 32) + "-us" + (1 + Next(21))), () => ("npm", GitHub("npm_")), () =>
                ("pypi", "pypi-AgEIcHlwaS5vcmc" + Chars(Url, 140)), () => ("rubygems", "rubygems_" + Chars(Hex, 48)), () =>
                    ("nuget", "oy2" + Chars(Lower, 43)), () => ("docker", "dckr_pat_" + Chars(Url, 27)),
            () => ("digitalocean", "dop_v1_" + Chars(Hex, 64)), () => ("heroku", "HRKU-AA" + Chars(Url, 58)), () =>
                ("vault", "hvs." + Chars(Url, 95)), () => ("terraform", Chars(Alnum, 14) + ".atlasv1." + Chars(Url, 67)), () =>
                    ("doppler", "dp.pt." + Chars(Alnum, 43)), () => ("databricks", "dapi" + Chars(Hex, 32)),
            () => ("huggingface", "hf_" + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34)), () =>
                ("replicate", "r8_" + Chars(Alnum, 37)), () => ("groq", "gsk_" + Chars(Alnum, 52)), () =>
                    ("perplexity", "pplx-" + Chars(Alnum, 48)), () => ("xai", "xai-" + Chars(Alnum, 80)), () =>
                        ("openrouter", "sk-or-v1-" + Chars(Hex, 64)),
            () => ("nvidia", "nvapi-" + Chars(Url, 64)), () => ("langsmith", "lsv2_pt_" + Chars(Hex, 32) + "_" + Chars(Hex, 10)), () =>
                ("langfuse", "sk-lf-" + Guid()), () => ("pinecone", "pcsk_" + Chars(Alnum, 6) + "_" + Chars(Alnum, 63)), () =>
                    ("elevenlabs", "sk_" + Chars(Hex, 48)), () => ("tavily", "tvly-" + Chars(Alnum, 32)),
            () => ("shopify", One("shpat_", "shpss_", "shppa_") + Chars(Hex, 32)), () => ("square", "sq0atp-" + Chars(Url, 22)), () =>
                ("newrelic", "NRAK-" + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 27)), () =>
                    ("grafana", "glsa_" + Chars(Alnum, 32) + "_" + Chars(Hex, 8)), () => ("grafana", "glc_" + Chars(Alnum, 120)),
            () => ("sentry", "sntryu_" + Chars(Hex, 64)), () => ("linear", "lin_api_" + Chars(Alnum, 40)), () =>
                ("notion", "ntn_" + Digits(11) + Chars(Alnum, 35)), () => ("airtable", "pat" + Chars(Alnum, 14) + "." + Chars(Hex, 64)),
                () => ("atlassian", "ATATT3" + Chars(Url, 177) + "=" + Chars("ABCDEF0123456789", 8)),
            () => ("figma", "figd_" + Chars(Url, 40)), () => ("postman", "PMAK-" + Chars(Hex, 24) + "-" + Chars(Hex, 34)), () =>
                ("contentful", "CFPAT-" + Chars(Url, 43)), () => ("facebook", "EAAB" + Chars(Alnum, 150)), () =>
                    ("discord", "M" + Chars(Alnum, 23) + "." + Chars(Url, 6) + "." + Chars(Url, 38)),
            () => ("telegram", Digits(10) + ":AA" + Chars(Url, 33)), () => ("shippo", "shippo_live_" + Chars(Hex, 40)), () =>
                ("easypost", "EZAK" + Chars(Alnum, 54)), () => ("duffel", "duffel_test_" + Chars(Url, 43)), () =>
                    ("planetscale", "pscale_tkn_" + Chars(Url, 43)), () => ("pulumi", "pul-" + Chars(Hex, 40)),
            () => ("brevo", "xkeysib-" + Chars(Hex, 64) + "-" + Chars(Alnum, 16)), () =>
                ("resend", "re_" + Chars(Alnum, 8) + "_" + Chars(Alnum, 24)), () => ("sonarqube", "squ_" + Chars(Hex, 40)), () =>
                    ("circleci", "CCIPAT_" + Chars(Alnum, 22) + "_" + Chars(Hex, 40)), () => ("netlify", "nfp_" + Chars(Alnum, 36)),
            () => ("supabase", "sbp_" + Chars(Hex, 40)), () => ("cloudflare", "v1.0-" + Chars(Hex, 24) + "-" + Chars(Hex, 146)), () =>
                ("azure-ad", Chars(Alnum, 3) + "8Q~" + Chars(Url, 34)), () =>
                    ("dynatrace", "dt0c01." + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 24) + "."
                    + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 64)),
            () => ("age", "AGE-SECRET-KEY-1" + Chars("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)), () => ("adobe", "p8e-" + Chars(Lower, 32)),
                () => ("hubspot", "pat-na1-" + Guid()), () => ("launchdarkly", "sdk-" + Guid()), () =>
                    ("octopus", "API-" + Chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 26)),
            () => ("sourcegraph", "sgp_" + Chars(Hex, 40)), () => ("tailscale", "tskey-auth-" + Chars(Alnum, 16) + "-" + Chars(Alnum, 32)),
                () => ("posthog", "phx_" + Chars(Alnum, 43)), () => ("typeform", "tfp_" + Chars(Url, 59)), () =>
                    ("readme", "rdme_" + Chars(Lower, 70)), () => ("prefect", "pnu_" + Chars(Alnum, 36)),
            () => ("alibaba", "LTAI" + Chars(Alnum, 20)), () => ("jwt", Jwt()))();
        return value;
    }

    /// <summary>"name = value" with a value that has no prefix.</summary>
    public string Assignment(out string value)
    {
        string vendor =
            One("datadog", "algolia", "cloudflare", "twitter", "okta", "fastly", "snyk", "pagerduty", "mixpanel", "dropbox", "zendesk",
            "spotify", "codecov", "heroku", "aws", "deepgram", "cohere", "mistral", "splunk", "acme", "internal", "my_app", "payments");
        string name =
            One("API_KEY", "api_key", "SECRET", "client_secret", "access_token", "auth_token", "apiKey", "clientSecret", "secret_key",
            "token", "AccessKey");
        value = One(
            Chars(Hex, One(32, 40, 64)), Chars(Alnum, One(20, 32, 40)), Chars(Lower, One(24, 32)), Chars(Url, One(32, 43)),
            Chars(Alnum + "+/", One(40, 44)), Guid());
        return One(
            $"{vendor}_{name} = \"{value}\"", $"export {vendor.ToUpperInvariant()}_{name}={value}", $"{{\"{vendor}{name}\": \"{value}\"}}",
            $"{vendor}-{name}: {value}", $"const {vendor}_{name} = '{value}';", $"{vendor}.{name}={value}\n",
            $"--{vendor}-{name}={value} ");
    }

    public string Password(out string value)
    {
        value = One(
            "hunter22!", "S3cr3t-" + Digits(4), Chars(Alnum, 12), "Tr0ub4dor&3", "correct-horse-" + Digits(2),
            "p" + Chars(Alnum + "!#%*", 10) + "9");
        return One(
            $"password={value}", $"\"password\": \"{value}\"", $"DB_PASSWORD={value}\n",
            $"Server=db;User Id=sa;Password={value};Encrypt=true", $"pwd: '{value}'", $"PGPASSWORD='{value}' psql");
    }

    public string Guid()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    public string Jwt() =>
        Base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + Base64Url($"{{\"sub\":\"{Digits(10)}\",\"iat\":{Digits(10)}}}") + "."
            + Chars(Url, 43);

    public string Time() => One(
        new DateTime(2000 + Next(40), 1 + Next(12), 1 + Next(28), Next(24), Next(60), Next(60)).ToString("O", CultureInfo.InvariantCulture),
            new DateTime(2000 + Next(40), 1 + Next(12), 1 + Next(28), Next(24), Next(60), Next(60))
            .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        (1_600_000_000 + Next(300_000_000)).ToString(CultureInfo.InvariantCulture),
            (1_600_000_000_000L + ((long)Next(300_000_000) * 1000) + Next(1000)).ToString(CultureInfo.InvariantCulture),
            new DateTime(2000 + Next(40), 1 + Next(12), 1 + Next(28)).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture),
        (1_600_000_000_000_000L + ((long)Next(300_000_000) * 1_000_000)).ToString(CultureInfo.InvariantCulture),
            (1_600_000_000_000_000_000L + ((long)Next(300_000_000) * 1_000_000_000)).ToString(CultureInfo.InvariantCulture));

    public string Version() =>
        One($"{Next(20)}.{Next(20)}.{Next(100)}", $"v{Next(9)}.{Next(30)}.{Next(9)}-beta.{Next(9)}",
            $"{Next(9)}.{Next(9)}.{Next(9)}.{Next(9)}", $"{Next(20)}.0.{10000 + Next(20000)}.{Next(3000)}", $"Version={Next(12)}.0.0.0");

    public string ProvidersId() => One(
        "call_" + Chars(Alnum, 24), "toolu_01" + Chars(Alnum, 22), "chatcmpl-" + Chars(Alnum, 29), "resp_" + Chars(Hex, 48),
            "msg_01" + Chars(Alnum, 22), "fc_" + Chars(Hex, 48), "rs_" + Chars(Hex, 48), "req_011C" + Chars(Alnum, 20),
            "run_" + Chars(Alnum, 24), "thread_" + Chars(Alnum, 24), "asst_" + Chars(Alnum, 24), "file-" + Chars(Alnum, 22),
        "batch_" + Chars(Hex, 32), "srvtoolu_01" + Chars(Alnum, 22), "tooluse_" + Chars(Url, 22),
            "gen-" + Digits(10) + "-" + Chars(Alnum, 20), "chatcmpl-tool-" + Chars(Hex, 32), "fp_" + Chars(Hex, 10), "ws_" + Chars(Hex, 48),
            "cmpl-" + Chars(Alnum, 29), "functions.get_weather:" + Next(9), Chars(Alnum, 9));

    public string Json() =>
        $"{{\"id\":\"{Guid()}\",\"trace_id\":\"{Chars(Hex, 32)}\",\"span_id\":\"{Chars(Hex, 16)}\",\"created\":{1_600_000_000 + Next(300_000_000)},\"model\":\"gpt-{Next(6)}.{Next(9)}\",\"call\":\"{ProvidersId()}\",\"sha256\":\"{Chars(Hex, 64)}\","
        + $"\"usage\":{{\"prompt_tokens\":{Next(9999)},\"score\":0.{Digits(16)},\"max_tokens\":{Next(4096)}}},\"key\":\"{Guid()}\",\"token\":\" {One(Words)}\",\"at\":\"{new DateTime(2026, 1 + Next(12), 1 + Next(28), Next(24), Next(60), Next(60), DateTimeKind.Utc):O}\",\"text\":\"{Prose(Next(60)).Trim()}\",\"etag\":\"W/\\\"{Chars(Hex, 32)}\\\"\",\"version\":\"{Next(9)}.{Next(9)}.{Next(99)}\"}}";

    public static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-')
        .Replace('/', '_');

    // The last six characters: CRC-32 in base 62, computed with a table here.
    private string GitHub(string prefix)
    {
        string random = Chars(Alnum, 30);
        uint[] table =
            [.. Enumerable.Range(0, 256)
            .Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (crc, _) => (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1))];
        uint check = ~random.Aggregate(uint.MaxValue, (crc, c) => table[(crc ^ c) & 255] ^ (crc >> 8));
        const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        StringBuilder text = new();
        for (int i = 0; i < 6; i++, check /= 62)
        {
            text.Insert(0, Base62[(int)(check % 62)]);
        }

        return prefix + random + text;
    }
}
