using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>Brings requests into one form: properties sorted, numbers written one way, ignored fields left out.</summary>
internal sealed class RequestForm(IEnumerable<string> ignored, Func<string, string>? rewrite = null)
{
    private const string MetaOfJsonRpc = "$.body.params._meta";

    // Each request of the Model Context Protocol has a number and the position in a trace of its own.
    private static readonly string[] VolatileInJsonRpc =
        [$"{MetaOfJsonRpc}.traceparent", $"{MetaOfJsonRpc}.tracestate", $"{MetaOfJsonRpc}.baggage", $"{MetaOfJsonRpc}.progressToken"];

    // What a reader looks for first.
    private static readonly string[] Order = ["call", "method", "path", "headers", "messages", "options", "body"];

    private readonly HashSet<string> _names = [.. ignored.Where(field => !field.StartsWith('$'))];
    private readonly HashSet<string> _paths = [.. ignored.Where(field => field.StartsWith('$')), .. VolatileInJsonRpc];

    /// <summary>Returns the request as it is written into the file. One from a file gets this form, too: people edit files, and a field
    /// that is ignored from today on need not be recorded again.</summary>
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
                foreach ((string name, JsonNode? child) in Sorted(record, path))
                {
                    string childPath = JsonPath.Of(path, name);
                    string anyChildPath = JsonPath.Of(anyPath, name);
                    if (_names.Contains(name) || _paths.Contains(childPath) || _paths.Contains(anyChildPath))
                        continue;

                    JsonNode? normal = Normalize(child, childPath, anyChildPath);
                    if (childPath != MetaOfJsonRpc || normal is not JsonObject { Count: 0 })
                        sorted[name] = normal;
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
                return JsonNode.Parse(JsonNumber.Of(leaf.ToJsonString()));

            default:
                return value?.DeepClone();
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject record, string path) => path == "$"
        ? record.OrderBy(property => Array.IndexOf(Order, property.Key))
        : record.OrderBy(property => property.Key, StringComparer.Ordinal);
}
