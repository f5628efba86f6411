using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>One place where two requests differ.</summary>
/// <param name="Path">The place.</param>
/// <param name="Recorded">The recorded value. Null where there is none.</param>
/// <param name="Current">The value of the call. Null where there is none.</param>
internal sealed record JsonDifference(string Path, string? Recorded, string? Current)
{
    /// <summary>Gets how far apart the two values are: between 1 and 2 for two texts, 2 where one is missing.</summary>
    public double Distance { get; private init; } = 2;

    /// <summary>Gets whether both values are texts, in which a line can be named.</summary>
    public bool AreTexts { get; private init; }

    /// <summary>Returns all differences, in the order of the recorded request.</summary>
    public static List<JsonDifference> Between(JsonNode? recorded, JsonNode? current)
    {
        List<JsonDifference> found = [];
        Compare(recorded, current, "$", found);
        return found;
    }

    private static void Compare(JsonNode? recorded, JsonNode? current, string path, List<JsonDifference> found)
    {
        if (recorded is JsonObject recordedObject && current is JsonObject currentObject)
        {
            // Both are sorted.
            foreach (string name in recordedObject.Select(property => property.Key).Union(currentObject.Select(property => property.Key)))
            {
                CompareMembers(
                    recordedObject.TryGetPropertyValue(name, out JsonNode? left), left,
                    currentObject.TryGetPropertyValue(name, out JsonNode? right),
                    right, JsonPath.Of(path, name), found);
            }
        }
        else if (recorded is JsonArray recordedArray && current is JsonArray currentArray)
        {
            for (int i = 0; i < Math.Max(recordedArray.Count, currentArray.Count); i++)
            {
                bool hasLeft = i < recordedArray.Count;
                bool hasRight = i < currentArray.Count;
                CompareMembers(
                    hasLeft, hasLeft ? recordedArray[i] : null, hasRight, hasRight ? currentArray[i] : null, JsonPath.Of(path, i), found);
            }
        }
        else if (!JsonNode.DeepEquals(recorded, current))
        {
            found.Add(Leaves(path, recorded, current));
        }
    }

    private static void CompareMembers(
        bool hasLeft, JsonNode? left, bool hasRight, JsonNode? right, string path, List<JsonDifference> found)
    {
        if (hasLeft && hasRight)
            Compare(left, right, path, found);
        else if (hasLeft)
            found.Add(new(path, Text(left), null));
        else
            found.Add(new(path, null, Text(right)));
    }

    private static JsonDifference Leaves(string path, JsonNode? recorded, JsonNode? current)
    {
        if (recorded is not JsonValue left || current is not JsonValue right
            || !left.TryGetValue(out string? leftText) || !right.TryGetValue(out string? rightText))
        {
            return new(path, Text(recorded), Text(current));
        }

        int start = leftText.AsSpan().CommonPrefixLength(rightText);
        int end = 0;
        while (end < Math.Min(leftText.Length, rightText.Length) - start && leftText[^(end + 1)] == rightText[^(end + 1)])
            end++;

        return new(path, leftText, rightText)
        {
            AreTexts = true,
            Distance = 2 - ((start + end) / (double)Math.Max(1, Math.Max(leftText.Length, rightText.Length))),
        };
    }

    private static string Text(JsonNode? value) => value?.ToJsonString(CassetteJson.Compact) ?? "null";
}
