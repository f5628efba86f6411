using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads messages in the form of OpenTelemetry's conventions.</summary>
internal static class CapturedMessages
{
    public static IReadOnlyList<CapturedMessage> Read(string? json) =>
        [.. Elements(json).Where(message => message.ValueKind == JsonValueKind.Object).Select(ReadOne)];

    /// <summary>Reads system instructions, which are parts without a message around them.</summary>
    public static IReadOnlyList<CapturedMessage> Instructions(string? json) =>
        Elements(json) is { Length: > 0 } parts ? [new("system", TextOf(parts), [], parts)] : [];

    /// <summary>Returns the type of a part; <see langword="null"/> when it has none.</summary>
    public static string? TypeOf(JsonElement part) => Text(part, "type");

    private static CapturedMessage ReadOne(JsonElement message)
    {
        JsonElement[] parts = message.TryGetProperty("parts", out JsonElement all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray()]
            : [];
        CapturedToolCall[] calls = [.. parts.Where(part => TypeOf(part) == "tool_call").Select(call => new CapturedToolCall(
            Text(call, "id"), Text(call, "name") ?? "", call.TryGetProperty("arguments", out JsonElement arguments)
                ? arguments.ValueKind == JsonValueKind.String ? arguments.GetString() : arguments.GetRawText()
                : null))];
        return new(Text(message, "role") ?? "", TextOf(parts), calls, parts, Text(message, "finish_reason"));
    }

    private static JsonElement[] Elements(string? json)
    {
        if (json is null)
            return [];

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.Clone().EnumerateArray()] : [];
        }
        catch (JsonException)
        {
            // Content that the policy cut or replaced.
            return [];
        }
    }

    private static string TextOf(IEnumerable<JsonElement> parts) =>
        string.Concat(parts.Where(part => TypeOf(part) == "text").Select(part => Text(part, "content")));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
