using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes;

/// <summary>How JSON is written here: letters of all languages as they are, so that people can read the file.</summary>
internal static class CassetteJson
{
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public static string Text(JsonNode? json, bool isIndented) =>
        json?.ToJsonString(isIndented ? Indented : Compact).ReplaceLineEndings("\n") ?? "null";

    /// <summary>Reads a text that is JSON, and returns false for other texts.</summary>
    public static bool TryParse(string text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = JsonNode.Parse(text);
            ReadAll(value);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A name that stands in an object twice is refused only when the object is read.</summary>
    private static void ReadAll(JsonNode? value)
    {
        if (value is JsonObject record)
        {
            foreach ((_, JsonNode? child) in record)
                ReadAll(child);
        }
        else if (value is JsonArray items)
        {
            foreach (JsonNode? child in items)
                ReadAll(child);
        }
    }
}
