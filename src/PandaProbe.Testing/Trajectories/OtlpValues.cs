using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Reads the value of an attribute in OTLP's JSON: <c>{"stringValue":"x"}</c>, or a nested one.</summary>
internal static class OtlpValues
{
    /// <summary>Returns a string as it is, and any other value as JSON; <see langword="null"/> for no value.</summary>
    public static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("stringValue", out JsonElement text)
            ? text.GetString() : Json(value);

    private static string? Json(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().MoveNext())
            return null;

        JsonProperty kind = value.EnumerateObject().First();
        return kind.Name switch
        {
            "intValue" => kind.Value.ToString(),
            "arrayValue" => $"[{string.Join(",", Values(kind.Value).Select(item => Json(item) ?? "null"))}]",
            "kvlistValue" => $"{{{string.Join(",", Values(kind.Value).Select(Pair))}}}",
            _ => kind.Value.GetRawText(),
        };
    }

    private static string Pair(JsonElement pair) =>
        $"{pair.GetProperty("key").GetRawText()}:{(pair.TryGetProperty("value", out JsonElement value) ? Json(value) ?? "null" : "null")}";

    private static JsonElement[] Values(JsonElement list) =>
        list.TryGetProperty("values", out JsonElement values) ? [.. values.EnumerateArray()] : [];
}
