using System.Text.RegularExpressions;

namespace PandaProbe.Benchmarks;

/// <summary>Sixteen source-generated patterns for what the scanner finds, as an application writes them without it. They check no
/// checksum.</summary>
internal static partial class SafetyPatterns
{
    public static readonly Regex[] All =
        [Card(), Iban(), Email(), Phone(), IPv4(), IPv6(), Mac(), SocialSecurity(), GitHub(), Aws(), OpenAI(), Slack(), Jwt(), PrivateKey(),
            Assignment(), UrlPassword()];

    public static int Count(string text)
    {
        int count = 0;
        foreach (Regex pattern in All)
        {
            foreach (ValueMatch _ in pattern.EnumerateMatches(text))
            {
                count++;
            }
        }

        return count;
    }

    [GeneratedRegex(@"\b(?:\d[ -]?){13,19}\b")]
    private static partial Regex Card();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")]
    private static partial Regex Iban();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?:\+|\b)\d{1,3}[ .-]?\(?\d{2,4}\)?[ .-]?\d{3,4}[ .-]?\d{2,4}\b")]
    private static partial Regex Phone();

    [GeneratedRegex(@"\b(?:\d{1,3}\.){3}\d{1,3}\b")]
    private static partial Regex IPv4();

    [GeneratedRegex(@"\b(?:[0-9a-fA-F]{1,4}:){2,7}[0-9a-fA-F]{1,4}\b")]
    private static partial Regex IPv6();

    [GeneratedRegex(@"\b(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\b")]
    private static partial Regex Mac();

    [GeneratedRegex(@"\b\d{3}-\d{2}-\d{4}\b")]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"\bgh[pousr]_[A-Za-z0-9]{36}\b")]
    private static partial Regex GitHub();

    [GeneratedRegex(@"\bA(?:KI|SI)A[A-Z0-9]{16}\b")]
    private static partial Regex Aws();

    [GeneratedRegex(@"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}")]
    private static partial Regex OpenAI();

    [GeneratedRegex(@"\bxox[abeprs]-[A-Za-z0-9-]{10,}")]
    private static partial Regex Slack();

    [GeneratedRegex(@"\beyJ[\w-]+\.[\w-]+\.[\w-]+")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"(?i)(?:password|passwd|secret|api_?key|token)[""']?\s*[:=]\s*[""']?[^\s""']{6,}")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\b\w+://[^/\s:@]+:[^/\s:@]+@")]
    private static partial Regex UrlPassword();
}
