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

                // The parameters of a tool are a schema themselves. What they say is the caller's.
                "$ref" when keyword.Value.GetString() == "http://json-schema.org/draft-07/schema#" => null,
                "$ref" => Check(value, Resolve(root, keyword.Value.GetString()!), root, path),

                // An integer and a boolean are no kinds of values: they are refused until a schema of the conventions uses them.
                "type" => Enum.Parse<JsonValueKind>(keyword.Value.GetString()!, ignoreCase: true) == value.ValueKind ? null : $"{path} is no {keyword.Value}",
                "const" => JsonElement.DeepEquals(value, keyword.Value) ? null : $"{path} is not {keyword.Value}",
                "enum" => keyword.Value.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value))
                    ? null : $"{path} is none of {keyword.Value}",
                "anyOf" => Fitting(value, keyword.Value, root, path) > 0 ? null : NoneFits(value, keyword.Value, root, path),
                "oneOf" => Fitting(value, keyword.Value, root, path) switch
                {
                    0 => NoneFits(value, keyword.Value, root, path),
                    1 => null,
                    int count => $"{path} fits {count} schemas of which one must fit",
                },
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

    private static int Fitting(JsonElement value, JsonElement schemas, JsonElement root, string path) =>
        schemas.EnumerateArray().Count(schema => Check(value, schema, root, path) is null);

    private static string NoneFits(JsonElement value, JsonElement schemas, JsonElement root, string path) =>
        $"{path} fits nothing: {string.Join("; ", schemas.EnumerateArray().Select(schema => Check(value, schema, root, path)))}";

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
}
