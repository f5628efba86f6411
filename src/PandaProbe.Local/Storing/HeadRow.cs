using System.Text.Json.Nodes;

namespace PandaProbe.Local.Storing;

/// <summary>What PandaProbe's REST API says about a trace apart from its spans. A field that is null or missing changes nothing.
/// Tags and metadata replace those that are there (PATCH), or join them (POST).</summary>
internal sealed record HeadRow(UInt128 Trace, JsonObject Fields, bool Replaces)
{
    /// <summary>Merges the fields of two requests as PandaProbe does.</summary>
    public static JsonObject Merge(JsonObject? known, HeadRow change)
    {
        JsonObject result = known ?? [];
        foreach ((string name, JsonNode? value) in change.Fields)
        {
            if (value is null)
                continue;

            if (!change.Replaces && name == "metadata" && result[name] is JsonObject metadata && value is JsonObject more)
            {
                foreach ((string key, JsonNode? entry) in more)
                    metadata[key] = entry?.DeepClone();
            }
            else if (!change.Replaces && name == "tags" && result[name] is JsonArray tags && value is JsonArray others)
            {
                foreach (JsonNode? tag in others)
                {
                    if (!tags.Any(known => JsonNode.DeepEquals(known, tag)))
                        tags.Add(tag?.DeepClone());
                }
            }
            else
            {
                result[name] = value.DeepClone();
            }
        }

        return result;
    }
}
