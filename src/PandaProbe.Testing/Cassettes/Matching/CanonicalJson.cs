using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>Brings requests into one form: properties sorted, numbers written one way, ignored fields left out.</summary>
internal sealed class CanonicalJson(IEnumerable<string> ignored, Func<string, string>? rewrite = null)
{
    // Each request of the Model Context Protocol has a number and the position in a trace of its own.
    private static readonly string[] VolatileInJsonRpc =
    [
        "$.body.params._meta.traceparent", "$.body.params._meta.tracestate", "$.body.params._meta.baggage",
        "$.body.params._meta.progressToken",
    ];

    private readonly HashSet<string> _names = [.. ignored.Where(field => !field.StartsWith('$'))];
    private readonly HashSet<string> _paths = [.. ignored.Where(field => field.StartsWith('$')), .. VolatileInJsonRpc];

    /// <summary>Returns the request as it is written into the file.</summary>
    public JsonNode? Normalize(JsonNode? request) => Normalize(request, "$", "$");

    /// <summary>Returns what a request is found by.</summary>
    public static string Key(JsonNode request)
    {
        if (JsonRpc.Id(request["body"]) is null)
            return request.ToJsonString();

        JsonNode key = request.DeepClone();
        key["body"]!.AsObject().Remove("id");
        return key.ToJsonString();
    }

    private JsonNode? Normalize(JsonNode? value, string path, string anyPath)
    {
        switch (value)
        {
            case JsonObject record:
                JsonObject sorted = [];
                foreach ((string name, JsonNode? child) in record.OrderBy(property => property.Key, StringComparer.Ordinal))
                {
                    string childPath = JsonPath.Of(path, name);
                    string anyChildPath = JsonPath.Of(anyPath, name);
                    if (!_names.Contains(name) && !_paths.Contains(childPath) && !_paths.Contains(anyChildPath))
                        sorted[name] = Normalize(child, childPath, anyChildPath);
                }

                return sorted;

            case JsonArray items:
                JsonArray copy = [];
                for (int i = 0; i < items.Count; i++)
                {
                    string childPath = JsonPath.Of(path, i);
                    string anyChildPath = anyPath + "[*]";
                    if (!_paths.Contains(childPath) && !_paths.Contains(anyChildPath))
                        copy.Add(Normalize(items[i], childPath, anyChildPath));
                }

                return copy;

            case JsonValue leaf when leaf.GetValueKind() == JsonValueKind.String:
                string text = leaf.GetValue<string>();
                return JsonValue.Create(rewrite is null ? text : rewrite(text));

            case JsonValue leaf when leaf.GetValueKind() == JsonValueKind.Number:
                return Number(leaf.ToJsonString());

            default:
                return value?.DeepClone();
        }
    }

    /// <summary>1.0 and 1 are the same number to every reader of JSON.</summary>
    private static JsonNode? Number(string text)
    {
        if (text.Contains('.') && !text.Contains('e') && !text.Contains('E'))
            text = text.TrimEnd('0').TrimEnd('.');

        return JsonNode.Parse(text == "-0" ? "0" : text);
    }
}
