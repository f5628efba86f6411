using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Local.Receiving.Rest;

/// <summary>
/// Checks a document against a schema of PandaProbe's API. The test backend shares this file.
/// </summary>
internal static class Schema
{
    private const string UnknownProperty = "not a property of the schema";

    private static readonly JsonElement Schemas = Load();

    /// <summary>
    /// Returns what is wrong; nothing when all is well. A property that the schema does not name is a mistake of the sender, which the API
    /// itself overlooks.
    /// </summary>
    public static List<string> Check(JsonElement document, string schema, bool overlookUnknown = false)
    {
        List<string> problems = [];
        Check(document, Schemas.GetProperty(schema), "$", problems);
        if (overlookUnknown)
            problems.RemoveAll(static problem => problem.EndsWith(UnknownProperty, StringComparison.Ordinal));
        return problems;
    }

    private static JsonElement Load()
    {
        using Stream stream = typeof(Schema).Assembly.GetManifestResourceStream("schema.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("components").GetProperty("schemas");
    }

    private static void Check(JsonElement value, JsonElement schema, string path, List<string> problems)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            Check(value, Schemas.GetProperty(reference.GetString()!.Split('/')[^1]), path, problems);
            return;
        }

        if (schema.TryGetProperty("anyOf", out JsonElement alternatives))
        {
            List<string> first = [];
            foreach (JsonElement alternative in alternatives.EnumerateArray())
            {
                List<string> attempt = [];
                Check(value, alternative, path, attempt);
                if (attempt.Count == 0)
                    return;
                if (first.Count == 0)
                    first = attempt;
            }

            problems.AddRange(first);
            return;
        }

        if (schema.TryGetProperty("type", out JsonElement type) && !IsOfType(value, type.GetString()!))
        {
            problems.Add($"{path}: {value.ValueKind} is not of type {type}");
            return;
        }

        if (schema.TryGetProperty("enum", out JsonElement members)
            && !members.EnumerateArray().Any(member => member.GetString() == value.GetString()))
        {
            problems.Add($"{path}: '{value}' is not in the enumeration");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                CheckText(value.GetString()!, schema, path, problems);
                break;
            case JsonValueKind.Array:
                CheckArray(value, schema, path, problems);
                break;
            case JsonValueKind.Object:
                CheckObject(value, schema, path, problems);
                break;
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && !value.GetRawText().Contains('.'),
        _ => throw new NotSupportedException(type),
    };

    private static void CheckText(string text, JsonElement schema, string path, List<string> problems)
    {
        // Python counts code points.
        int length = text.EnumerateRunes().Count();
        if (schema.TryGetProperty("maxLength", out JsonElement max) && length > max.GetInt32())
            problems.Add($"{path}: {length} characters, at most {max}");
        if (schema.TryGetProperty("minLength", out JsonElement min) && length < min.GetInt32())
            problems.Add($"{path}: {length} characters, at least {min}");
        if (schema.TryGetProperty("format", out JsonElement format))
        {
            bool good = format.GetString() switch
            {
                "uuid" => Guid.TryParseExact(text, "D", out _),
                "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    && (text.EndsWith('Z') || text.Contains('+')),
                _ => true,
            };
            if (!good)
                problems.Add($"{path}: '{text}' is not a {format}");
        }
    }

    private static void CheckArray(JsonElement value, JsonElement schema, string path, List<string> problems)
    {
        int length = value.GetArrayLength();
        if (schema.TryGetProperty("maxItems", out JsonElement max) && length > max.GetInt32())
            problems.Add($"{path}: {length} items, at most {max}");
        if (!schema.TryGetProperty("items", out JsonElement items))
            return;

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
            Check(item, items, $"{path}[{index++}]", problems);
    }

    private static void CheckObject(JsonElement value, JsonElement schema, string path, List<string> problems)
    {
        HashSet<string> seen = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (!seen.Add(property.Name))
                problems.Add($"{path}.{property.Name}: given twice");
        }

        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!seen.Contains(name.GetString()!))
                    problems.Add($"{path}.{name}: missing");
            }
        }

        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasAdditional = schema.TryGetProperty("additionalProperties", out JsonElement additional);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(property.Name, out JsonElement known))
                Check(property.Value, known, $"{path}.{property.Name}", problems);
            else if (hasAdditional && additional.ValueKind == JsonValueKind.Object)
                Check(property.Value, additional, $"{path}.{property.Name}", problems);
            else if (hasProperties && !hasAdditional)
                problems.Add($"{path}.{property.Name}: {UnknownProperty}");
        }
    }
}
