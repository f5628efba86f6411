using System.Text;
using System.Text.Json;
using PandaProbe.Metrics;
using PandaProbe.Runtime;
using PandaProbe.Tokenization;

namespace PandaProbe.AspNetCore;

/// <summary>Counts the tokens of a prompt.</summary>
internal sealed class TokenCountingEndpoint(int maxBodySize) : JsonEndpoint<TokenCount>(maxBodySize)
{
    protected override TokenCount Answer(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw new JsonException("The request must be an object.");
        if (!request.TryGetProperty("prompt", out JsonElement prompt))
            throw new JsonException("'prompt' is missing: a string, or an array of messages.");

        string? model = null;
        if (request.TryGetProperty("model", out JsonElement named) && named.ValueKind != JsonValueKind.Null)
            model = named.ValueKind == JsonValueKind.String ? named.GetString() : throw new JsonException("'model' must be a string.");
        return Replaced(prompt, model) ?? TokenCounter.Count(prompt, model);
    }

    protected override void Write(Utf8JsonWriter writer, TokenCount result)
    {
        writer.WriteNumber("tokens"u8, result.Tokens);
        writer.WriteString("method"u8, result.Method switch
        {
            TokenCountMethod.Tiktoken => "tiktoken"u8,
            TokenCountMethod.Estimated => "estimated"u8,
            _ => "unspecified"u8,
        });
    }

    // Returns the count of PandaProbeOptions.TokenCounter. Returns null when none is set, or when the prompt holds more than strings. The
    // built-in counter then reports errors in the prompt.
    private static TokenCount? Replaced(JsonElement prompt, string? model)
    {
        if (ProcessSettings.Current.TokenCounter is null)
            return null;
        if (prompt.ValueKind == JsonValueKind.String)
            return TokenCounting.Count(prompt.GetString(), model);
        return MessagesOf(prompt) is { } messages ? TokenCounting.Count(messages, model) : null;
    }

    private static ProbeMessage[]? MessagesOf(JsonElement prompt)
    {
        if (prompt.ValueKind != JsonValueKind.Array)
            return null;

        List<ProbeMessage> messages = [];
        foreach (JsonElement message in prompt.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || (message.TryGetProperty("name", out JsonElement name) && name.ValueKind != JsonValueKind.Null)
                || !message.TryGetProperty("role", out JsonElement role)
                || role.ValueKind != JsonValueKind.String
                || TextOf(message) is not { } text)
            {
                return null;
            }

            messages.Add(new(role.GetString()!, text));
        }

        return [.. messages];
    }

    private static string? TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
            return "";
        if (content.ValueKind != JsonValueKind.Array)
            return content.ValueKind == JsonValueKind.String ? content.GetString() : null;

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            JsonElement piece = part;
            if (part.ValueKind == JsonValueKind.Object && (!IsText(part) || !part.TryGetProperty("text", out piece)))
                return null;
            if (piece.ValueKind != JsonValueKind.String)
                return null;

            text.Append(piece.GetString());
        }

        return text.ToString();
    }

    private static bool IsText(JsonElement part) =>
        part.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            && type.GetString() is "text" or "input_text" or "output_text";
}
