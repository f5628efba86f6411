using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>Compares the arguments of tools.</summary>
internal static class Arguments
{
    private const int MaxDepth = 32;

    /// <summary>Returns a number that equal arguments have in common; zero for none. Stored files hold it, so it may not change.</summary>
    public static long Hash(string? arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
            return 0;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Normalise(arguments)), hash);
        long value = BinaryPrimitives.ReadInt64LittleEndian(hash);
        return value == 0 ? 1 : value;
    }

    /// <summary>Returns JSON with its properties in order and without white space; any other text as it is.</summary>
    public static string Normalise(string? arguments)
    {
        if (LenientJson.Parse(arguments) is not { } json)
            return arguments?.Trim() ?? "";
        if (LenientJson.DepthOf(json, MaxDepth) == MaxDepth)
            return json.GetRawText();

        return Sorted(json)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Sorted(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject result = [];
                foreach (JsonProperty property in json.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                    result[property.Name] = Sorted(property.Value);
                return result;
            case JsonValueKind.Array:
                return new JsonArray([.. json.EnumerateArray().Select(Sorted)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(json);
        }
    }
}
