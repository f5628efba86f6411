using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>
/// A JSON schema, as far as answers of agents need it. A keyword that would restrict values and is not known here is refused when the
/// schema is read, because a check that skips a part of the schema passes what it should not.
/// </summary>
internal sealed class JsonSchema
{
    private const int MaxDepth = 128;

    private readonly JsonElement _root;

    private JsonSchema(JsonElement root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="ArgumentException">It is not JSON, not a schema, or uses a keyword that is not supported.</exception>
    public static JsonSchema Parse(string schema)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(schema);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The schema cannot be used, because {JsonFault.Of(exception)}.", nameof(schema), exception);
        }

        SchemaKeywords.Check(root, root, "#");
        return new JsonSchema(root);
    }

    /// <summary>Returns the first place at which a value breaks the schema, or <see langword="null"/>.</summary>
    public string? FindFault(JsonElement value) => FindFault(_root, value, "$", 0);

    private string? FindFault(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > MaxDepth)
            throw new EvaluatorException($"The schema refers to itself more than {MaxDepth} times at {path}.");
        if (schema.ValueKind == JsonValueKind.False)
            return $"{path} is not allowed";
        if (schema.ValueKind == JsonValueKind.True)
            return null;

        return SchemaValues.FindFault(schema, value, path)
            ?? FindFaultOfItems(schema, value, path, depth)
            ?? FindFaultOfProperties(schema, value, path, depth)
            ?? FindFaultOfCombination(schema, value, path, depth)
            ?? (schema.TryGetProperty("$ref", out JsonElement reference)
            ? FindFault(SchemaKeywords.Resolve(_root, reference), value, path, depth + 1) : null);
    }

    private string? FindFaultOfItems(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return null;

        int first = 0;
        if (schema.TryGetProperty("prefixItems", out JsonElement prefix))
        {
            foreach (JsonElement item in prefix.EnumerateArray().Take(value.GetArrayLength()))
            {
                if (FindFault(item, value[first], $"{path}[{first}]", depth + 1) is { } fault)
                    return fault;
                first++;
            }
        }

        if (!schema.TryGetProperty("items", out JsonElement items))
            return null;

        for (int i = first; i < value.GetArrayLength(); i++)
        {
            if (FindFault(items, value[i], $"{path}[{i}]", depth + 1) is { } fault)
                return fault;
        }

        return null;
    }

    private string? FindFaultOfProperties(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;

        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasOthers = schema.TryGetProperty("additionalProperties", out JsonElement others);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string inner = $"{path}.{property.Name}";
            string? fault = null;
            if (hasProperties && properties.TryGetProperty(property.Name, out JsonElement known))
                fault = FindFault(known, property.Value, inner, depth + 1);
            else if (hasOthers)
                fault = FindFault(others, property.Value, inner, depth + 1);
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private string? FindFaultOfCombination(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            foreach (JsonElement one in all.EnumerateArray())
            {
                if (FindFault(one, value, path, depth + 1) is { } fault)
                    return fault;
            }
        }

        if (schema.TryGetProperty("anyOf", out JsonElement any) && Matching(any) == 0)
            return $"{path} fits none of anyOf";
        if (schema.TryGetProperty("oneOf", out JsonElement oneOf) && Matching(oneOf) is not 1 and var matching)
            return $"{path} fits {matching} of oneOf instead of one";
        if (schema.TryGetProperty("not", out JsonElement not) && FindFault(not, value, path, depth + 1) is null)
            return $"{path} fits what \"not\" forbids";

        return null;

        int Matching(JsonElement schemas) => schemas.EnumerateArray().Count(one => FindFault(one, value, path, depth + 1) is null);
    }
}
