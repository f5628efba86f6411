using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Finds the first place at which two values of JSON differ. The order of properties and white space do not matter.</summary>
internal static class JsonDifference
{
    private const int MaxShown = 60;

    /// <summary>Returns the difference as a text for people, or <see langword="null"/>.</summary>
    /// <param name="expected">The expected value.</param>
    /// <param name="actual">The actual value.</param>
    /// <param name="allowsMore">Whether objects of <paramref name="actual"/> may have further properties.</param>
    /// <param name="path">Where the values stand; empty for the whole.</param>
    public static string? Find(JsonElement expected, JsonElement actual, bool allowsMore, string path = "")
    {
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object)
            return FindInObjects(expected, actual, allowsMore, path);

        if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array
            && expected.GetArrayLength() == actual.GetArrayLength())
        {
            for (int i = 0; i < expected.GetArrayLength(); i++)
            {
                if (Find(expected[i], actual[i], allowsMore, $"{path}[{i}]") is { } difference)
                    return difference;
            }

            return null;
        }

        return SortedJson.Of(expected) == SortedJson.Of(actual) ? null : $"{At(path)}expected {Shown(expected)}, was {Shown(actual)}";
    }

    private static string? FindInObjects(JsonElement expected, JsonElement actual, bool allowsMore, string path)
    {
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            string inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!actual.TryGetProperty(property.Name, out JsonElement value))
                return $"{At(inner)}expected {Shown(property.Value)}, was missing";
            if (Find(property.Value, value, allowsMore, inner) is { } difference)
                return difference;
        }

        if (allowsMore)
            return null;

        foreach (JsonProperty property in actual.EnumerateObject())
        {
            if (!expected.TryGetProperty(property.Name, out _))
                return $"{At(path.Length == 0 ? property.Name : $"{path}.{property.Name}")}was {Shown(property.Value)}, not expected";
        }

        return null;
    }

    private static string At(string path) => path.Length == 0 ? "" : path + ": ";

    private static string Shown(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? "nothing" : TextCut.Short(SortedJson.Of(value), MaxShown);
}
