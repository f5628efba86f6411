using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Which keywords of JSON schema are understood, and what they must hold.</summary>
internal static class SchemaKeywords
{
    private static readonly HashSet<string> WithSchema = ["items", "additionalProperties", "not"];

    private static readonly HashSet<string> WithSchemas = ["prefixItems", "anyOf", "oneOf", "allOf"];

    private static readonly HashSet<string> WithNamedSchemas = ["properties", "$defs", "definitions"];

    private static readonly HashSet<string> WithNumber =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
        "minProperties", "maxProperties",
    ];

    private static readonly HashSet<string> WithAnything =
    [
        "enum", "const", "type", "required", "pattern", "uniqueItems", "$ref",
        // These restrict nothing. In the current drafts "format" is an annotation.
        "$schema", "$id", "$comment", "$anchor", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
        "format", "contentMediaType", "contentEncoding",
    ];

    /// <summary>Walks through a schema.</summary>
    /// <exception cref="ArgumentException">Something in it is not understood.</exception>
    public static void Check(JsonElement root, JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return;

        Require(schema.ValueKind == JsonValueKind.Object, path, "a schema must be an object or a boolean");
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            string at = $"{path}/{keyword.Name}";
            if (WithSchema.Contains(keyword.Name))
                Check(root, keyword.Value, at);
            else if (WithSchemas.Contains(keyword.Name))
                CheckAll(root, keyword.Value, at);
            else if (WithNamedSchemas.Contains(keyword.Name))
                CheckNamed(root, keyword.Value, at);
            else if (WithNumber.Contains(keyword.Name))
                Require(keyword.Value.ValueKind == JsonValueKind.Number, at, "the keyword needs a number");
            else
                CheckOther(root, keyword, at);
        }
    }

    /// <summary>Finds what a reference names inside the same schema.</summary>
    public static JsonElement Resolve(JsonElement root, JsonElement reference)
    {
        string target = reference.GetString() ?? "";
        JsonElement found = root;
        Require(target.StartsWith('#'), target, "only references inside the schema are supported");
        foreach (string part in target.Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            bool exists = found.ValueKind == JsonValueKind.Object
                ? found.TryGetProperty(name, out found)
                : found.ValueKind == JsonValueKind.Array && int.TryParse(name, out int index) && index >= 0
                && index < found.GetArrayLength() && (found = found[index]).ValueKind != JsonValueKind.Undefined;
            Require(exists, target, "the reference leads nowhere");
        }

        Require(target is "#" || target.StartsWith("#/", StringComparison.Ordinal), target, "anchors are not supported");
        return found;
    }

    private static void CheckAll(JsonElement root, JsonElement schemas, string path)
    {
        Require(schemas.ValueKind == JsonValueKind.Array && schemas.GetArrayLength() > 0, path, "the keyword needs a list of schemas");
        int index = 0;
        foreach (JsonElement schema in schemas.EnumerateArray())
            Check(root, schema, $"{path}/{index++}");
    }

    private static void CheckNamed(JsonElement root, JsonElement schemas, string path)
    {
        Require(schemas.ValueKind == JsonValueKind.Object, path, "the keyword needs an object of schemas");
        foreach (JsonProperty schema in schemas.EnumerateObject())
            Check(root, schema.Value, $"{path}/{schema.Name}");
    }

    private static void CheckOther(JsonElement root, JsonProperty keyword, string path)
    {
        Require(
            WithAnything.Contains(keyword.Name) || keyword.Name.StartsWith("x-", StringComparison.Ordinal), path,
            "the keyword is not supported, and leaving it out would accept values that it forbids");
        switch (keyword.Name)
        {
            case "enum":
                Require(keyword.Value.ValueKind == JsonValueKind.Array, path, "the keyword needs a list of values");
                break;
            case "required":
                Require(AreTexts(keyword.Value), path, "the keyword needs a list of names");
                break;
            case "type":
                Require(keyword.Value.ValueKind == JsonValueKind.String || AreTexts(keyword.Value), path,
                    "the keyword needs a name or a list of them");
                foreach (string type in SchemaValues.Types(keyword.Value))
                    Require(SchemaValues.IsType(type), path, $"\"{type}\" is no type of JSON schema");
                break;
            case "pattern":
                Require(SchemaValues.IsPattern(keyword.Value), path, "the keyword needs a regular expression");
                break;
            case "uniqueItems":
                Require(keyword.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "the keyword needs true or false");
                break;
            case "$ref":
                Require(keyword.Value.ValueKind == JsonValueKind.String, path, "the keyword needs a text");
                Resolve(root, keyword.Value);
                break;
        }
    }

    private static bool AreTexts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds)
            throw new ArgumentException($"The schema cannot be used at {path}: {problem}.");
    }
}
