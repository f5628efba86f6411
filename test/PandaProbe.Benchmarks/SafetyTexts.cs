using System.Text;

namespace PandaProbe.Benchmarks;

/// <summary>Texts for the scanner, by kind. The hostile ones repeat what makes it look closer.</summary>
internal static class SafetyTexts
{
    private const int Characters = 200_000;

    public static IEnumerable<(string Kind, string Text)> All()
    {
        foreach (string kind in new[] { "english", "code", "cjk", "base64", "json" })
        {
            yield return (kind, TokenizationTexts.Make(kind, 1, Characters));
        }

        yield return ("dense json", DenseJson());
        yield return ("digits", Repeat("1234567890"));
        yield return ("digits in groups", Repeat("1234 5678 "));
        yield return ("single digits", Repeat("1 2 3 4 5 "));
        yield return ("cards that fail", Repeat("4111 1111 1111 1112 "));
        yield return ("dotted digits", Repeat("1.2.3.4.5.6."));
        yield return ("phones that fail", Repeat("call +00 123 456 78 "));
        yield return ("@@@@", Repeat("@"));
        yield return ("a@a@", Repeat("a@"));
        yield return ("a.a@a.a@", Repeat("a.a@"));
        yield return ("::::", Repeat(":"));
        yield return ("a:b:c:", Repeat("a:b:c:1:"));
        yield return ("key=key=", Repeat("token="));
        yield return ("key=\"key=\"", Repeat("token=\""));
        yield return ("key='key=\"", Repeat("token='password=\""));
        yield return ("key=&key=", Repeat("token=a&b&"));
        yield return ("openai_key: ", Repeat("openai_key: "));
        yield return ("quotes", Repeat("\""));
        yield return ("\\\"\\\"", Repeat("\\\""));
        yield return ("brackets", Repeat("[{("));
        yield return ("{\"a\":{\"a\":", Repeat("{\"a\":"));
        yield return ("(1)[2](3)", Repeat("(123)[456]"));
        yield return ("%%%%", Repeat("%"));
        yield return ("%41%41", Repeat("%41"));
        yield return ("%25%2525", Repeat("%2525"));
        yield return ("zero-width", Repeat("a\u200Bb\u200C1\u200D@\uFEFF"));
        yield return ("only zero-width", Repeat("\u200B"));
        yield return ("-----", Repeat("-"));
        yield return ("-----BEGIN", Repeat("-----BEGIN "));
        yield return ("keys without an end", Repeat("-----BEGIN PRIVATE KEY-----"));
        yield return ("eyJ.eyJ.", Repeat("eyJhbGciOiJIUzI1NiJ9."));
        yield return ("eyJ.eyJ.eyJ.", Repeat("eyJ."));
        yield return ("sk-sk-sk-", Repeat("sk-"));
        yield return ("sk-ant-sk-ant-", Repeat("sk-ant-api03-"));
        yield return ("ops_eyJ_", Repeat("bedrock-api-key-ops_eyJ"));
        yield return ("111…1 of base58", Repeat("1111111111111111111111111111111111 "));
        yield return ("nested base64", Nested());
        yield return ("base64 of text",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(TokenizationTexts.Make("english", 2, Characters * 3 / 4))));
    }

    /// <summary>Prose of ten million characters with a key in every hundred thousand, as text and as a document.</summary>
    public static (string Text, string Json) Long()
    {
        StringBuilder text = new();
        while (text.Length < 10_000_000)
        {
            text.Append(TokenizationTexts.Make("english", text.Length, 100_000)).Append(" AKIAQXFQZVTB2PQY4VTX ");
        }

        return (text.ToString(), System.Text.Json.JsonSerializer.Serialize(new { role = "user", content = text.ToString() }));
    }

    private static string Repeat(string part) => string.Concat(Enumerable.Repeat(part, Characters / part.Length));

    private static string Nested()
    {
        string text = TokenizationTexts.Make("english", 3, Characters / 4);
        while (text.Length < Characters)
        {
            text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        return text[..Characters];
    }

    private static string DenseJson()
    {
        Random random = new(4);
        StringBuilder json = new("[");
        while (json.Length < Characters)
        {
            byte[] id = new byte[16];
            random.NextBytes(id);
            json.Append(
                $"{{\"id\":\"{new Guid(id)}\",\"n\":{random.Next(100000)},\"at\":\"2026-11-{random.Next(10, 28)}T{random.Next(10, 23)}:{random.Next(10, 59)}:07.{random.Next(100000, 999999)}Z\",\"ok\":true,\"score\":0.{random.Next()},\"tags\":[\"a\",\"b\"],\"hash\":\"{Convert.ToHexString(id)}\"}},");
        }

        return json.Append("null]").ToString();
    }
}
