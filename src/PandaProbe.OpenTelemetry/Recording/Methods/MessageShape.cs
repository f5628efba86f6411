using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Interception;

/// <summary>
/// Recognises messages in JSON: <c>[{"role","content"}]</c>, the same inside <c>{"messages":…}</c>, or one such message. A trace keeps the text
/// of the last one of the user or of the assistant; the span of a model keeps all, and only if each is a role and one text.
/// </summary>
internal static class MessageShape
{
    private const string User = "user";
    private const string Assistant = "assistant";

    public static bool TryRead(string json, ProbeSpanKind? kind, [NotNullWhen(true)] out ProbeMessage[]? messages, bool output = false)
    {
        messages = null;
        if (json.Length < 2 || json[0] is not ('[' or '{') || !json.Contains("role", StringComparison.OrdinalIgnoreCase))
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
        using JsonDocument document = JsonDocument.Parse(json);
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
        messages = last < 0 ? null : [found[last]];
        return messages is not null;
    }

    private static bool TryReadMessage(JsonElement element, List<ProbeMessage> found, ref bool exact)
    {
        if (element.ValueKind != JsonValueKind.Object || !TryGet(element, "role", out JsonElement role) || role.ValueKind != JsonValueKind.String)
            return false;

        if (!TryGet(element, "content", out JsonElement content) && !TryGet(element, "contents", out content) && !TryGet(element, "parts", out content))
            return false;

        int properties = 0;
        foreach (JsonProperty _ in element.EnumerateObject())
            properties++;
        exact &= properties == 2 && content.ValueKind == JsonValueKind.String;
        found.Add(new(role.GetString()!, Text(content)));
        return true;
    }

    private static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            return content.ValueKind == JsonValueKind.Null ? "" : content.GetRawText();

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
                text.Append(part.GetString());
            else if (part.ValueKind == JsonValueKind.Object
                && (TryGet(part, "text", out JsonElement words) || TryGet(part, "content", out words)) && words.ValueKind == JsonValueKind.String)
                text.Append(words.GetString());
        }

        return text.ToString();
    }

    private static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = property.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
