using System.Text.Json;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads JSON in which any property may be missing.</summary>
internal static class Element
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static long? Count(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long count) ? count : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
    {
        if (element.Get(name) is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (JsonElement item in list.EnumerateArray())
                yield return item;
        }
    }
}
