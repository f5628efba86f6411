using System.Text.Json;

namespace PandaProbe.Tokenization;

/// <summary>
/// Counts the tokens of a prompt for any model. The count is exact if the model's encoding is known; otherwise it is an estimate.
/// </summary>
/// <example>
/// <code>
/// TokenCounter.Count("Hello world!", "gpt-4o");        // 3 tokens, Tiktoken
/// TokenCounter.Count("Hello world!", "claude-opus-4"); // 3 tokens, Estimated
/// </code>
/// </example>
public static class TokenCounter
{
    private const int TokensPerMessage = 3, TokensPerName = 1, TokensOfReply = 3;

    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="model">The model. Null or blank gives an estimate with <see cref="TokenCountMethod.Unspecified"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="prompt"/> is null.</exception>
    public static TokenCount Count(string prompt, string? model)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Count(prompt.AsSpan(), model);
    }

    /// <inheritdoc cref="Count(string,string)"/>
    public static TokenCount Count(ReadOnlySpan<char> prompt, string? model)
    {
        var tally = new TokenTally(model);
        tally.Add(prompt);
        return tally.Total;
    }

    /// <summary>
    /// Counts the tokens of a chat prompt, including its format: 3 per message, 1 per name, and 3 for the start of the reply.
    /// </summary>
    /// <remarks>An estimate rounds each role, name and text down separately, but to 1 at least.</remarks>
    /// <param name="messages">The messages.</param>
    /// <param name="model">The model. Null or blank gives an estimate with <see cref="TokenCountMethod.Unspecified"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="messages"/> is null.</exception>
    public static TokenCount Count(IEnumerable<TokenMessage> messages, string? model)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var tally = new TokenTally(model);
        foreach (TokenMessage message in messages)
        {
            AddMessage(ref tally, message.Role, message.Name);
            tally.Add(message.Content);
            foreach (TokenImage image in message.Images ?? [])
                tally.Add(image.Tokens);
        }

        tally.Add(TokensOfReply);
        return tally.Total;
    }

    /// <summary>Counts the tokens of a prompt in the format of OpenAI's chat API: a string or an array of messages.</summary>
    /// <param name="prompt">
    /// A string, or <c>[{"role", "content", "name"?}, …]</c>. The content is a string, null or an array of parts <c>{"type": "text",
    /// "text"}</c> and <c>{"type": "image_url", "image_url": {"url", "detail"?}}</c>. Other parts and properties are ignored.
    /// </param>
    /// <param name="model">The model. Null or blank gives an estimate with <see cref="TokenCountMethod.Unspecified"/>.</param>
    /// <exception cref="JsonException">The prompt has another format. The message says where.</exception>
    /// <exception cref="InvalidOperationException">A string in the prompt has an unpaired surrogate or invalid UTF-8.</exception>
    public static TokenCount Count(JsonElement prompt, string? model)
    {
        if (prompt.ValueKind == JsonValueKind.String)
            return Count(prompt.GetString()!, model);
        if (prompt.ValueKind != JsonValueKind.Array)
            throw new JsonException("A prompt is a string or an array of messages.");

        var tally = new TokenTally(model);
        int index = 0;
        foreach (JsonElement message in prompt.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
                throw new JsonException($"Message {index} is not an object.");
            AddMessage(ref tally, StringOf(message, "role", index), StringOf(message, "name", index));
            AddContent(ref tally, message, index);
            index++;
        }

        tally.Add(TokensOfReply);
        return tally.Total;
    }

    private static void AddMessage(ref TokenTally tally, string? role, string? name)
    {
        tally.Add(TokensPerMessage);
        tally.Add(role);
        if (!string.IsNullOrEmpty(name))
        {
            tally.Add(name);
            tally.Add(TokensPerName);
        }
    }

    private static void AddContent(ref TokenTally tally, JsonElement message, int index)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
            return;
        if (content.ValueKind == JsonValueKind.String)
        {
            tally.Add(content.GetString());
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
            throw new JsonException($"The content of message {index} is neither a string nor an array of parts.");

        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                tally.Add(part.GetString());
                continue;
            }

            if (part.ValueKind != JsonValueKind.Object)
                throw new JsonException($"A part of message {index} is not an object.");
            switch (StringOf(part, "type", index))
            {
                case "text" or "input_text" or "output_text":
                    tally.Add(StringOf(part, "text", index));
                    break;
                case "image_url" or "input_image":
                    tally.Add(new TokenImage(DetailOf(part, index)).Tokens);
                    break;
            }
        }
    }

    // The detail is in {"image_url": {"url", "detail"}} or, in the newer form, in {"image_url": "…", "detail"}.
    private static TokenImageDetail DetailOf(JsonElement part, int index)
    {
        JsonElement holder = part.TryGetProperty("image_url", out JsonElement image) && image.ValueKind == JsonValueKind.Object
            ? image : part;
        return StringOf(holder, "detail", index) switch
        {
            "low" => TokenImageDetail.Low,
            "high" => TokenImageDetail.High,
            _ => TokenImageDetail.Auto,
        };
    }

    private static string? StringOf(JsonElement owner, string property, int index)
    {
        if (!owner.TryGetProperty(property, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new JsonException($"'{property}' in message {index} is not a string.");
    }
}
