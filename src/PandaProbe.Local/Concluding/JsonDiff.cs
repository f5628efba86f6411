using System.Text.Json;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>A value of JSON that differs.</summary>
/// <param name="Path">Where it stands: <c>items[2].price</c>; empty for the whole.</param>
/// <param name="Before">The first value as JSON; <see langword="null"/> when it is only in the second.</param>
/// <param name="After">The second value as JSON; <see langword="null"/> when it is only in the first.</param>
internal sealed record JsonChange(string Path, string? Before, string? After);

/// <summary>Compares two values of JSON by their meaning: order of properties and white space do not matter.</summary>
internal static class JsonDiff
{
    private const int MaxDepth = 32;
    private const int MaxChanges = 1_000;

    /// <summary>Returns what differs. Texts that are not JSON are compared as texts.</summary>
    public static List<JsonChange> Of(string? before, string? after)
    {
        List<JsonChange> changes = [];
        if (LenientJson.Parse(before) is { } left && LenientJson.Parse(after) is { } right)
            Compare(changes, "", left, right, 0);
        else if (before != after)
            changes.Add(new JsonChange("", before, after));
        return changes;
    }

    private static void Compare(List<JsonChange> changes, string path, JsonElement before, JsonElement after, int depth)
    {
        if (changes.Count >= MaxChanges)
            return;

        if (depth < MaxDepth && before.IsObject() && after.IsObject())
        {
            foreach (JsonProperty property in before.EnumerateObject())
            {
                CompareItem(changes, path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, after.Get(property.Name),
                    depth);
            }

            foreach (JsonProperty property in after.EnumerateObject())
            {
                if (before.Get(property.Name).ValueKind == JsonValueKind.Undefined)
                    CompareItem(changes, path.Length == 0 ? property.Name : $"{path}.{property.Name}", default, property.Value, depth);
            }
        }
        else if (depth < MaxDepth && before.IsArray() && after.IsArray())
        {
            int length = Math.Max(before.GetArrayLength(), after.GetArrayLength());
            for (int i = 0; i < length && changes.Count < MaxChanges; i++)
            {
                CompareItem(changes, $"{path}[{i}]", i < before.GetArrayLength() ? before[i] : default, i < after.GetArrayLength()
                    ? after[i] : default, depth);
            }
        }
        else if (!AreEqual(before, after))
        {
            changes.Add(new JsonChange(path, Raw(before), Raw(after)));
        }
    }

    private static void CompareItem(List<JsonChange> changes, string path, JsonElement before, JsonElement after, int depth) =>
        Compare(changes, path, before, after, depth + 1);

    private static bool AreEqual(JsonElement before, JsonElement after) =>
        before.ValueKind == after.ValueKind
        && (before.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        || (before.ValueKind == JsonValueKind.String
        ? before.GetString() == after.GetString() : before.GetRawText() == after.GetRawText()));

    private static string? Raw(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? null : element.GetRawText();
}
