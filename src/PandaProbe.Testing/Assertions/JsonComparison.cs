using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Finds the first difference of two JSON texts.</summary>
internal static class JsonComparison
{
    /// <summary>Returns where the actual JSON differs; <see langword="null"/> when it does not.</summary>
    /// <param name="expected">The expected JSON.</param>
    /// <param name="actual">The actual JSON; <see langword="null"/> counts as an empty object.</param>
    /// <param name="match">How to compare.</param>
    /// <param name="ignored">The names of properties that are not compared, at any depth.</param>
    public static string? Difference(string expected, string? actual, ArgumentMatch match, IReadOnlyCollection<string> ignored)
    {
        if (match == ArgumentMatch.Ignored)
            return null;

        using var wanted = JsonDocument.Parse(expected);
        try
        {
            using var found = JsonDocument.Parse(actual ?? "{}");
            return Difference("$", wanted.RootElement, found.RootElement, match, ignored);
        }
        catch (JsonException)
        {
            return $"they are not JSON: {actual}";
        }
    }

    private static string? Difference(
        string path, JsonElement expected, JsonElement actual, ArgumentMatch match, IReadOnlyCollection<string> ignored)
    {
        switch (expected.ValueKind, actual.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                return DifferenceOfObjects(path, expected, actual, match, ignored);
            case (JsonValueKind.Array, JsonValueKind.Array) when expected.GetArrayLength() == actual.GetArrayLength():
                return expected.EnumerateArray().Zip(actual.EnumerateArray())
                    .Select((pair, index) => Difference(
                        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), pair.First, pair.Second, match, ignored))
                    .FirstOrDefault(difference => difference is not null);
            case (JsonValueKind.Number, JsonValueKind.Number) when expected.GetDouble().Equals(actual.GetDouble()):
            case (JsonValueKind.String, JsonValueKind.String) when expected.GetString() == actual.GetString():
            case (JsonValueKind.True, JsonValueKind.True):
            case (JsonValueKind.False, JsonValueKind.False):
            case (JsonValueKind.Null, JsonValueKind.Null):
                return null;
            default:
                return $"{path} should be {expected.GetRawText()} and is {actual.GetRawText()}";
        }
    }

    private static string? DifferenceOfObjects(
        string path, JsonElement expected, JsonElement actual, ArgumentMatch match, IReadOnlyCollection<string> ignored)
    {
        foreach (JsonProperty property in expected.EnumerateObject().Where(property => !ignored.Contains(property.Name)))
        {
            string where = $"{path}.{property.Name}";
            if (!actual.TryGetProperty(property.Name, out JsonElement value))
                return $"{where} should be {property.Value.GetRawText()} and is missing";
            if (Difference(where, property.Value, value, match, ignored) is { } difference)
                return difference;
        }

        return match == ArgumentMatch.Subset
            ? null
            : actual.EnumerateObject()
                .Where(property => !ignored.Contains(property.Name) && !expected.TryGetProperty(property.Name, out _))
                .Select(property => $"{path}.{property.Name} is {property.Value.GetRawText()} and is not expected")
                .FirstOrDefault();
    }
}
