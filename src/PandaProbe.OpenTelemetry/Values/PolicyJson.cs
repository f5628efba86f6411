using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>Applies a content policy to JSON.</summary>
internal static class PolicyJson
{
    // The conventions' own names hold nothing of the user's, and without them no backend knows messages.
    private static readonly HashSet<string> StructuralNames = new(StringComparer.Ordinal)
    {
        "arguments", "content", "file_id", "finish_reason", "id", "messages", "mime_type", "modality", "name", "parts", "response", "role",
            "server_tool_call", "server_tool_call_response", "tool_calls", "type", "uri",
    };

    /// <summary>
    /// JSON as it may be recorded: its strings, numbers and names of properties redacted, and what is too long made shorter, so that it
    /// stays JSON.
    /// </summary>
    public static string ApplyToJson(this ContentPolicy policy, string json, string field, out bool shortened)
    {
        if (policy.Redacts
            && !JsonText.TryRewriteTexts(
                json, text => policy.Redact(text, field),
                name => StructuralNames.Contains(name) ? name : policy.Redact(name, field), out json))
        {
            json = policy.Redact(json, field);
        }

        shortened = json.Length > policy.MaxLength;
        return shortened ? JsonText.Shorten(json, policy.MaxLength) : json;
    }
}
