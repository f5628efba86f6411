using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>Applies a content policy to JSON.</summary>
internal static class PolicyJson
{
    /// <summary>
    /// Redacts the string values of JSON, and shortens it to the longest length that may be recorded, so that it stays JSON.
    /// </summary>
    public static string ApplyToJson(this ContentPolicy policy, string json, string field, out bool shortened)
    {
        if (policy.Redacts && !JsonText.TryRewriteStrings(json, text => policy.Redact(text, field), out json))
            json = policy.Redact(json, field);

        shortened = json.Length > policy.MaxLength;
        return shortened ? JsonText.Shorten(json, policy.MaxLength) : json;
    }
}
