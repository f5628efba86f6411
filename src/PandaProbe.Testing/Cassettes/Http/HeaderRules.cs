using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Masking;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>Which headers are written, and which carry secrets.</summary>
internal static class HeaderRules
{
    // They are about one connection, one moment or one server. Content-Encoding goes because bodies are recorded decoded.
    private static readonly string[] LeftOut =
    [
        "Age", "Alt-Svc", "Connection", "Content-Encoding", "Content-Length", "Date", "Keep-Alive", "NEL", "Report-To", "Server",
        "Server-Timing", "Strict-Transport-Security", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
    ];

    private static readonly string[] LeftOutPrefixes = ["CF-", "X-Envoy-", "X-Amz-Cf-"];

    // Clients send them back, so they stay with another value.
    private static readonly string[] Sessions = ["Mcp-Session-Id"];

    private static readonly string[] SecretParts =
    [
        "authorization", "cookie", "api-key", "apikey", "secret", "password", "credential", "signature", "organization", "organisation",
        "openai-project", "workspace", "account", "auth-token", "access-token", "security-token", "session",
    ];

    private static readonly string[] SecretParameters =
        ["key", "api-key", "api_key", "apikey", "token", "access_token", "sig", "signature", "code", "password", "secret"];

    public static bool IsSecret(string name) => SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets whether a parameter in an address carries a secret, such as <c>?key=</c> of Gemini.</summary>
    public static bool IsSecretParameter(string name) =>
        SecretParameters.Contains(name, StringComparer.OrdinalIgnoreCase) || IsSecret(name);

    /// <summary>Remembers the values of all headers that carry secrets.</summary>
    public static void Know(HttpHeaders headers, CassetteMask mask)
    {
        foreach ((string name, IEnumerable<string> values) in headers.NonValidated.Select(
            header => (header.Key, (IEnumerable<string>)header.Value)))
        {
            if (!IsSecret(name))
                continue;

            foreach (string value in values)
                mask.Know(value);
        }
    }

    public static JsonObject Write(HttpResponseMessage response, CassetteMask mask)
    {
        SortedDictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, HeaderStringValues> header in response.Headers.NonValidated.Concat(
            response.Content.Headers.NonValidated))
        {
            (string name, string value) = (header.Key, header.Value.ToString());
            if (name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
                value = Delay(response, value);

            if (Sessions.Contains(name, StringComparer.OrdinalIgnoreCase))
                written[name] = CassetteMask.Masked;
            else if (!IsLeftOut(name) && !IsSecret(name))
                written[name] = mask.Mask(value, name);
        }

        JsonObject headers = [];
        foreach ((string name, string value) in written)
            headers[name] = value;

        return headers;
    }

    public static void Read(JsonObject? headers, HttpResponseMessage response)
    {
        foreach ((string name, JsonNode? value) in headers ?? [])
        {
            if (!response.Headers.TryAddWithoutValidation(name, value!.GetValue<string>()))
                response.Content.Headers.TryAddWithoutValidation(name, value.GetValue<string>());
        }
    }

    private static bool IsLeftOut(string name) =>
        LeftOut.Contains(name, StringComparer.OrdinalIgnoreCase)
        || LeftOutPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>A date is over when the answer is replayed, so a delay is written.</summary>
    private static string Delay(HttpResponseMessage response, string value) =>
        response.Headers.RetryAfter?.Date is { } until && response.Headers.Date is { } now
            ? Math.Max(0, Math.Ceiling((until - now).TotalSeconds)).ToString(CultureInfo.InvariantCulture) : value;
}
