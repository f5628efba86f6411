using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PandaProbe.Interception;

/// <summary>
/// Recognises messages in JSON: <c>[{"role","content"}]</c> of OpenAI and Anthropic, <c>[{"role","parts"}]</c> of the conventions, either
/// inside <c>{"messages":…}</c>, or one such message. A trace keeps only the last message of the user or the assistant. The span of a model
/// call keeps all messages, and only when no information is lost.
/// </summary>
internal static class MessageShape
{
    private const string User = "user";
    private const string Assistant = "assistant";

    public static bool TryRead(string json, ProbeSpanKind? kind, [NotNullWhen(true)] out ProbeMessage[]? messages, bool output = false)
    {
        messages = null;
        if (json is not ['[' or '{', ..] || !json.Contains("role", StringComparison.OrdinalIgnoreCase))
            return false;

        try
        {
            return TryReadMessages(json, kind, out messages, output);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // JSON that is deeper than the reader's limit, or has invalid UTF-16, is not read as messages.
            return false;
        }
    }

    private static bool TryReadMessages(string json, ProbeSpanKind? kind, [NotNullWhen(true)] out ProbeMessage[]? messages, bool output)
    {
        messages = null;
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && TryGet(root, "messages", out JsonElement inner))
            root = inner;

        List<ProbeMessage> found = [];
        bool exact = true;
        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in root.EnumerateArray())
            {
                if (!TryReadMessage(element, found, ref exact))
                    return false;
            }
        }
        else if (!TryReadMessage(root, found, ref exact))
        {
            return false;
        }

        if (kind is not null)
        {
            messages = exact && found.Count > 0 ? [.. found] : null;
            return messages is not null;
        }

        int last = found.FindLastIndex(message => message.Role.Equals(output ? Assistant : User, StringComparison.OrdinalIgnoreCase));
        messages = last < 0 ? null
            : [found[last] is { Parts: { } parts } message && parts.All(part => part.Type == "text")
            ? new(message.Role, message.Content) : found[last]];
        return messages is not null;
    }

    private static bool TryReadMessage(JsonElement element, List<ProbeMessage> found, ref bool exact)
    {
        if (element.ValueKind != JsonValueKind.Object || !TryGet(element, "role", out JsonElement role)
            || role.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        if (!TryGet(element, "content", out JsonElement content) && !TryGet(element, "contents", out content)
            && !TryGet(element, "parts", out content))
        {
            return false;
        }

        MessageReader reader = new(role.GetString()!);
        foreach (JsonProperty property in element.EnumerateObject())
            reader.Read(property);
        exact &= reader.IsExact;
        found.Add(reader.Build() ?? new(role.GetString()!, Text(content)));
        return true;
    }

    // Returns the text of content that is not understood completely.
    private static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            return content.ValueKind == JsonValueKind.Null ? "" : content.GetRawText();

        return string.Concat(content.EnumerateArray().Select(static part =>
            part.ValueKind == JsonValueKind.String ? part.GetString() : StringOf(part, "text") ?? StringOf(part, "content")));
    }

    public static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    value = property.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    public static string? StringOf(JsonElement element, string name) =>
        TryGet(element, name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
