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

    /// <summary>Returns text as it is recorded. A redactor gets the whole of it, so that it is cut only behind the redactor.</summary>
    public static string Record(this ContentPolicy policy, string text) => policy.Redacts ? text : JsonText.Cut(text, policy.MaxLength);

    /// <summary>Returns JSON as it is recorded.</summary>
    public static string RecordJson(this ContentPolicy policy, string json) =>
        policy.Redacts || json.Length <= policy.MaxLength ? json : JsonText.Shorten(json, policy.MaxLength);

    /// <summary>
    /// Returns JSON as it may leave: its strings, numbers and names of properties redacted, and what is too long made shorter, so that it
    /// stays JSON.
    /// </summary>
    public static string ApplyToJson(this ContentPolicy policy, string json, string field)
    {
        if (policy.Redacts
            && !JsonText.TryRewriteTexts(
                json, text => policy.Redact(text, field),
                name => StructuralNames.Contains(name) ? name : policy.Redact(name, field), out json))
        {
            json = policy.Redact(json, field);
        }

        return json.Length > policy.MaxLength ? JsonText.Shorten(json, policy.MaxLength) : json;
    }
}
