using System.Text.Json;
using PandaProbe.Safety;

namespace PandaProbe.AspNetCore;

/// <summary>Says whether a prompt has personal data or secrets, and whether it tries to give the model orders.</summary>
internal sealed class ContentScanEndpoint(int maxBodySize) : JsonEndpoint<(bool HasPersonalData, bool IsInjection)>(maxBodySize)
{
    private const string Form = "'prompt' must be a string, or an array of messages with 'role' and 'content'.";

    protected override (bool HasPersonalData, bool IsInjection) Answer(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw new JsonException("The request must be an object.");
        if (!request.TryGetProperty("prompt", out JsonElement prompt))
            throw new JsonException("'prompt' is missing: a string, or an array of messages.");
        if (prompt.ValueKind == JsonValueKind.String)
            return Judge(prompt.GetString()!, isTrusted: false);
        if (prompt.ValueKind != JsonValueKind.Array)
            throw new JsonException(Form);

        (bool hasPersonalData, bool isInjection) = (false, false);
        foreach (JsonElement message in prompt.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out JsonElement role)
                || role.ValueKind != JsonValueKind.String)
            {
                throw new JsonException(Form);
            }

            // Who writes the instructions may give orders, and the model gives none to itself.
            bool isTrusted = role.GetString() is "system" or "developer" or "assistant";
            foreach (string text in TextsOf(message))
            {
                (bool Personal, bool Injection) judged = Judge(text, isTrusted);
                hasPersonalData |= judged.Personal;
                isInjection |= judged.Injection;
            }
        }

        return (hasPersonalData, isInjection);
    }

    protected override void Write(Utf8JsonWriter writer, (bool HasPersonalData, bool IsInjection) result)
    {
        writer.WriteBoolean("pii_detected"u8, result.HasPersonalData);
        writer.WriteBoolean("injection_attempt"u8, result.IsInjection);
    }

    private static (bool HasPersonalData, bool IsInjection) Judge(string text, bool isTrusted) =>
        (HasPersonalData(text), !isTrusted && PromptInjection.Score(text).IsAttempt);

    private static bool HasPersonalData(string text)
    {
        try
        {
            return Sensitive.Scan(text).Count > 0;
        }
        catch (TimeoutException)
        {
            // What cannot be looked at in time is not called clean.
            return true;
        }
    }

    /// <summary>
    /// Every text of a message: its content, and what tool calls and results have in whichever form a provider gives them.
    /// </summary>
    private static IEnumerable<string> TextsOf(JsonElement message)
    {
        if (message.TryGetProperty("content", out JsonElement content)
            && content.ValueKind is not (JsonValueKind.Null or JsonValueKind.String or JsonValueKind.Array))
        {
            throw new JsonException(Form);
        }

        return message.EnumerateObject().Where(property => property.Name != "role").SelectMany(property => TextsIn(property.Value));
    }

    private static IEnumerable<string> TextsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsIn),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => TextsIn(property.Value)),
        _ => [],
    };
}
