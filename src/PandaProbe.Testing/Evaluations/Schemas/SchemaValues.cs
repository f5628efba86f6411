using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PandaProbe.Testing;

/// <summary>The keywords of JSON schema that look at one value, without schemas inside.</summary>
internal static class SchemaValues
{
    private static readonly TimeSpan MaxPatternTime = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    public static bool IsType(string name) => name is "null" or "boolean" or "object" or "array" or "number" or "integer" or "string";

    public static bool IsPattern(JsonElement pattern)
    {
        try
        {
            return pattern.ValueKind == JsonValueKind.String && Pattern(pattern) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Returns why a value breaks the schema, or <see langword="null"/>.</summary>
    public static string? FindFault(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out JsonElement type) && !Types(type).Any(name => IsOf(name, value)))
            return $"{path} is {NameOf(value)} instead of {string.Join(" or ", Types(type))}";
        if (schema.TryGetProperty("const", out JsonElement constant) && CanonicalJson.Of(constant) != CanonicalJson.Of(value))
            return $"{path} is {Shown(value)} instead of {Shown(constant)}";
        if (schema.TryGetProperty("enum", out JsonElement values)
            && !values.EnumerateArray().Any(one => CanonicalJson.Of(one) == CanonicalJson.Of(value)))
        {
            return $"{path} is {Shown(value)}, which is none of {Shown(values)}";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => FaultOfNumber(schema, value, path),
            JsonValueKind.String => FaultOfText(schema, value.GetString()!, path),
            JsonValueKind.Array => FaultOfArray(schema, value, path),
            JsonValueKind.Object => FaultOfObject(schema, value, path),
            _ => null,
        };
    }

    private static string? FaultOfNumber(JsonElement schema, JsonElement value, string path)
    {
        double number = value.GetDouble();
        if (Limit(schema, "minimum") is { } minimum && number < minimum)
            return $"{path} is {Shown(value)}, below the minimum {Shown(minimum)}";
        if (Limit(schema, "maximum") is { } maximum && number > maximum)
            return $"{path} is {Shown(value)}, above the maximum {Shown(maximum)}";
        if (Limit(schema, "exclusiveMinimum") is { } above && number <= above)
            return $"{path} is {Shown(value)}, not above {Shown(above)}";
        if (Limit(schema, "exclusiveMaximum") is { } below && number >= below)
            return $"{path} is {Shown(value)}, not below {Shown(below)}";
        if (schema.TryGetProperty("multipleOf", out JsonElement step) && !IsMultiple(value, step))
            return $"{path} is {Shown(value)}, not a multiple of {Shown(step)}";
        return null;
    }

    private static string? FaultOfText(JsonElement schema, string text, string path)
    {
        int length = text.EnumerateRunes().Count();
        if (FaultOfCount(schema, length, "minLength", "maxLength", "characters", path) is { } fault)
            return fault;

        return schema.TryGetProperty("pattern", out JsonElement pattern) && !Pattern(pattern).IsMatch(text)
            ? $"{path} does not match the pattern {pattern.GetString()}" : null;
    }

    private static string? FaultOfArray(JsonElement schema, JsonElement value, string path)
    {
        if (FaultOfCount(schema, value.GetArrayLength(), "minItems", "maxItems", "items", path) is { } fault)
            return fault;
        if (!schema.TryGetProperty("uniqueItems", out JsonElement unique) || unique.ValueKind != JsonValueKind.True)
            return null;

        HashSet<string> seen = [];
        return value.EnumerateArray().All(item => seen.Add(CanonicalJson.Of(item))) ? null : $"{path} has the same item twice";
    }

    private static string? FaultOfObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                    return $"{path}.{name.GetString()} is missing";
            }
        }

        return FaultOfCount(schema, value.EnumerateObject().Count(), "minProperties", "maxProperties", "properties", path);
    }

    private static string? FaultOfCount(JsonElement schema, int count, string least, string most, string unit, string path)
    {
        if (Limit(schema, least) is { } minimum && count < minimum)
            return $"{path} has {count} {unit}, fewer than {Shown(minimum)}";
        return Limit(schema, most) is { } maximum && count > maximum ? $"{path} has {count} {unit}, more than {Shown(maximum)}" : null;
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => NameOf(value) == type,
    };

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };

    private static bool IsMultiple(JsonElement value, JsonElement step) =>
        value.TryGetDecimal(out decimal number) && step.TryGetDecimal(out decimal size) && size != 0
        ? number % size == 0 : Math.IEEERemainder(value.GetDouble(), step.GetDouble()) == 0;

    private static double? Limit(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out JsonElement limit) ? limit.GetDouble() : null;

    private static Regex Pattern(JsonElement pattern) => new(pattern.GetString()!, RegexOptions.CultureInvariant, MaxPatternTime);

    private static string Shown(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shown(JsonElement value) => TextCut.Short(value.GetRawText(), 60);
}
