using System.Text.Json;

namespace PandaProbe.Conventions;

/// <summary>Compares JSON with a schema. Knows the keywords that the conventions' schemas use, and refuses any other.</summary>
internal static class JsonSchema
{
    /// <summary>Returns what is wrong; <see langword="null"/> when nothing is.</summary>
    public static string? Check(JsonElement value, JsonElement schema) => Check(value, schema, schema, "$");

    private static string? Check(JsonElement value, JsonElement schema, JsonElement root, string path)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            string? fault = keyword.Name switch
            {
                "$defs" => null,
                "$ref" => Check(value, Resolve(root, keyword.Value.GetString()!), root, path),
                "type" => IsOf(value, keyword.Value.GetString()!) ? null : $"{path} is no {keyword.Value}",
                "const" => JsonElement.DeepEquals(value, keyword.Value) ? null : $"{path} is not {keyword.Value}",
                "enum" => keyword.Value.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value))
                    ? null : $"{path} is none of {keyword.Value}",
                "anyOf" => AnyOf(value, keyword.Value, root, path),
                "items" => value.ValueKind == JsonValueKind.Array
                    ? value.EnumerateArray().Select((item, index) => Check(item, keyword.Value, root, $"{path}[{index}]"))
                        .FirstOrDefault(fault => fault is not null)
                    : null,
                "required" => keyword.Value.EnumerateArray().Where(name => value.ValueKind == JsonValueKind.Object
                    && !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path} lacks {name}").FirstOrDefault(),
                "properties" => Properties(value, keyword.Value, root, path),
                "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.True => null,
                _ => throw new NotSupportedException($"The schema's {keyword.Name} at {path} is not checked yet."),
            };
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private static string? AnyOf(JsonElement value, JsonElement schemas, JsonElement root, string path)
    {
        List<string> faults = [];
        foreach (JsonElement schema in schemas.EnumerateArray())
        {
            if (Check(value, schema, root, path) is not { } fault)
                return null;
            faults.Add(fault);
        }

        return $"{path} fits nothing: {string.Join("; ", faults)}";
    }

    private static string? Properties(JsonElement value, JsonElement schemas, JsonElement root, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;

        foreach (JsonProperty schema in schemas.EnumerateObject())
        {
            if (value.TryGetProperty(schema.Name, out JsonElement property)
                && Check(property, schema.Value, root, $"{path}.{schema.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static JsonElement Resolve(JsonElement root, string reference)
    {
        JsonElement found = root;
        foreach (string step in reference.TrimStart('#', '/').Split('/'))
            found = found.GetProperty(step);
        return found;
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"The schema's type {type} is not checked yet."),
    };
}
